"""Collections of the demonstration, made of the sample protocols through the verbs of editors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from portal.core.permissions import Role

People = Mapping[tuple[Role, str], Any]
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A collection: which editor makes it, its words, its protocols by their slugs, what is said of some."""

    country: str
    titles: Words
    introductions: Words
    slugs: Sequence[str]
    notes: Mapping[str, Words] = field(default_factory=dict)


OPIOIDS: Final = Sample(
    "IR",
    {
        "en": "Opioid dependence, from emergency to maintenance",
        "ru": "Опиоидная зависимость: от неотложной помощи к длительному лечению",
        "fa": "وابستگی به مواد افیونی؛ از اورژانس تا درمان نگهدارنده",
    },
    {
        "en": "Begin with the overdose protocol: everybody on the ward should know it. Then come withdrawal,"
        " maintenance and relapse prevention. What is lawful differs between Iran and Russia, so look at the"
        " legal status of each protocol before you choose.",
        "ru": "Начните с протокола о передозировке: его должен знать каждый в отделении. Дальше — синдром"
        " отмены, поддерживающая терапия и профилактика рецидива. Закон в Иране и России разный: прежде чем"
        " выбирать, посмотрите правовой статус каждого протокола.",
        "fa": "از پروتکل بیش‌مصرف آغاز کنید؛ همهٔ کارکنان بخش باید آن را بدانند. سپس ترک، درمان نگهدارنده و"
        " پیشگیری از عود می‌آید. قانون در ایران و روسیه یکسان نیست؛ پیش از انتخاب، وضعیت قانونی هر پروتکل"
        " را ببینید.",
    },
    (
        "opioid-overdose-naloxone", "opioid-withdrawal-alpha2", "methadone-maintenance-opioid-dependence",
        "buprenorphine-induction-cows", "opium-tincture-maintenance-iran",
        "naltrexone-relapse-prevention-russia", "opioid-dependence-pregnancy",
    ),
    {
        "opioid-overdose-naloxone": {
            "en": "For everybody who may be the first at the bedside.",
            "ru": "Для каждого, кто может оказаться рядом первым.",
            "fa": "برای هر کسی که شاید نخستین فرد بر بالین بیمار باشد.",
        },
        "methadone-maintenance-opioid-dependence": {
            "en": "The longest experience; it needs a place that dispenses every day.",
            "ru": "Наибольший опыт; нужен пункт ежедневной выдачи.",
            "fa": "بیشترین تجربه از آنِ آن است؛ به مرکزی برای توزیع روزانه نیاز دارد.",
        },
        "naltrexone-relapse-prevention-russia": {
            "en": "After withdrawal, where agonists are not lawful.",
            "ru": "После снятия синдрома отмены, там, где агонисты не разрешены.",
            "fa": "پس از دورهٔ ترک، در جایی که آگونیست‌ها قانونی نیستند.",
        },
    },
)  # fmt: skip
FIRST_DAYS: Final = Sample(
    "RU",
    {
        "en": "The first days: withdrawal and emergencies",
        "ru": "Первые дни: синдром отмены и неотложные состояния",
        "fa": "نخستین روزها؛ ترک و فوریت‌ها",
    },
    {
        "en": "For the doctor on duty: what to do in the first hours and days. These protocols are needed"
        " together where somebody used several substances.",
        "ru": "Для дежурного врача: что делать в первые часы и дни. Эти протоколы нужны вместе, когда человек"
        " употреблял несколько веществ.",
        "fa": "برای پزشک کشیک: در ساعت‌ها و روزهای نخست چه باید کرد. هنگامی که کسی چند ماده مصرف کرده است،"
        " این پروتکل‌ها در کنار هم به کار می‌آیند.",
    },
    (
        "opioid-overdose-naloxone", "alcohol-withdrawal-ciwa", "benzodiazepine-taper",
        "opioid-withdrawal-alpha2",
    ),
    {
        "alcohol-withdrawal-ciwa": {
            "en": "First of all where seizures are possible.",
            "ru": "Прежде всего там, где возможны судороги.",
            "fa": "پیش از همه، در جایی که احتمال تشنج هست.",
        },
    },
)  # fmt: skip


def load_collections(people: People, *, now: datetime) -> None:
    """Two published collections, each by the editor of one country."""
    for sample in (FIRST_DAYS, OPIOIDS):
        _load(sample, people[Role.EDITOR, sample.country], now=now)


def _load(sample: Sample, editor: Any, *, now: datetime) -> None:
    from portal.collections.services import fate, items, making
    from portal.protocols.dictionary import CURRENT
    from portal.protocols.queries.versions import list_shown

    numbers = {v.protocol.slug: v.protocol.public_id for v in list_shown() if v.state in CURRENT}
    held = [slug for slug in sample.slugs if slug in numbers]
    if not held:
        return
    words = making.Written(sample.titles, sample.introductions)
    collection = making.begin(words, by=editor, now=now, demonstration=True)
    for slug in held:
        item = items.add_item(collection, numbers[slug], by=editor, now=now)
        if slug in sample.notes:
            items.say_about(collection, item.id, sample.notes[slug], by=editor, now=now)
    fate.move(collection, "publish", by=editor, now=now)
