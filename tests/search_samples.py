"""A small collection of protocols and queries of its own: the search must find them in every language."""

from datetime import UTC, datetime

from portal.protocols.search import Document, TagRole

PUBLISHED = datetime(2026, 6, 1, tzinfo=UTC)


def tags(main, secondary=""):
    return dict.fromkeys(main.split(), TagRole.MAIN) | dict.fromkeys(secondary.split(), TagRole.SECONDARY)


def protocol(number, slug, tagged, bodies=(), source="en", **titles):
    return Document(
        public_id=f"PR-{number:04d}",
        slug=slug,
        source_lang=source,
        titles=titles,
        summaries={source: titles[source] + "."},
        bodies={source: bodies},
        tags=tagged,
        legal={"RU": "leg-permitted", "IR": "leg-unknown"},
        facets={"language": sorted(titles)},
        published_at=PUBLISHED.replace(day=number),
    )


def samples():
    return [
        protocol(
            1, "heroin-methadone",
            tags("int-mmt sub-methadone cond-opioid-dependence", "sub-heroin set-oat-clinic pop-adults comp-qt-prolongation"),
            ["Start low and observe after the first dose.", "Take an electrocardiogram before high doses."],
            en="Methadone maintenance in opioid dependence",
            ru="Поддерживающая терапия метадоном при опиоидной зависимости",
            fa="درمان نگهدارنده با متادون در وابستگی به مواد افیونی",
        ),
        protocol(
            2, "overdose-kit", tags("comp-opioid-overdose int-naloxone", "sub-heroin sub-opioids set-emergency"),
            ["Open the airway, give naloxone, stay with the person."],
            en="Naloxone in opioid overdose", fa="نالوکسان در بیش‌مصرف مواد افیونی",
        ),
        protocol(
            3, "alcohol-detox", tags("cond-alcohol-withdrawal int-alcohol-detox", "sub-alcohol set-inpatient comp-delirium-tremens"),
            ["Thiamine before glucose.", "Diazepam by symptoms."], "ru",
            ru="Лечение алкогольного синдрома отмены", en="Alcohol withdrawal in hospital",
        ),
        protocol(
            4, "meth-incentives", tags("sub-methamphetamine int-contingency-management", "cond-stimulant-dependence set-day-hospital"),
            ["Urine tests twice a week."], "fa",
            fa="مدیریت مشروط در وابستگی به متامفتامین",
        ),
        protocol(
            5, "smoking-cytisine", tags("int-cytisine sub-nicotine", "cond-nicotine-dependence set-primary-care"),
            ["Twenty-five days of tablets."],
            en="Cytisine to stop smoking", ru="Цитизин для отказа от курения",
        ),
        protocol(
            6, "benzodiazepine-taper", tags("int-bzd-taper sub-benzodiazepines", "sub-diazepam pop-older"),
            ["Cut the dose by a tenth every two weeks."],
            en="Slow taper of benzodiazepines",
        ),
    ]  # fmt: skip


# Query, and the protocol that must come first.
QUERIES = (
    ("methadone maintenance", "heroin-methadone"),
    ("ММТ метадон", "heroin-methadone"),
    ("متادون درمانی", "heroin-methadone"),
    ("QT prolongation on methadone", "heroin-methadone"),
    ("передозировка героином", "overdose-kit"),
    ("نالوکسون", "overdose-kit"),
    ("Narcan", "overdose-kit"),
    ("белая горячка", "alcohol-detox"),
    ("F10.3", "alcohol-detox"),
    ("سم زدایی الكل", "alcohol-detox"),
    ("ترک شیشه", "meth-incentives"),
    ("crystal meth", "meth-incentives"),
    ("табекс", "smoking-cytisine"),
    ("ترک سیگار", "smoking-cytisine"),
    ("deprescribing Valium", "benzodiazepine-taper"),
    ("отмена диазепама у пожилых", "benzodiazepine-taper"),
    ("electrocardiogram", "heroin-methadone"),
    ("metadone maintenence", "heroin-methadone"),
    ("буренорфин наркан", "overdose-kit"),
    ("متادن", "heroin-methadone"),
)
