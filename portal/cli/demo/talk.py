"""Conversations of the demonstration: invented ones, written through the services that people use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.core.permissions import Role

People = Mapping[tuple[Role, str], Any]
TOLD = ("25_34", "male", ("sub-heroin", "sub-methadone"), "set-oat-clinic")


def load_talk(people: People, *, now: datetime) -> None:
    """A question answered in three languages, an experience, a case, and things that wait for moderators."""
    from portal.protocols.queries.versions import list_shown

    protocols = [version.protocol for version in list_shown()]
    if not protocols:
        return
    iran, russia = people[Role.CLINICIAN, "IR"], people[Role.CLINICIAN, "RU"]
    asked = _begin(
        protocols[0].id, "question", "Как долго наблюдать после первой дозы?",
        "Протокол говорит о двух часах. Достаточно ли этого, если толерантность неизвестна?", "ru", by=russia,
        now=now - timedelta(days=6),
    )  # fmt: skip
    answered = _reply(
        asked, "در مرکز ما دو ساعت، و اگر تحمل نامعلوم باشد سه ساعت. پیش از رفتن، خواب‌آلودگی سنجیده می‌شود.",
        "fa",
        by=iran, now=now - timedelta(days=5),
    )  # fmt: skip
    _reply(
        asked, "Agreed. We note sedation at **30 minutes** and before the person leaves.", "en",
        by=people[Role.CLINICAL_REVIEWER, "RU"], now=now - timedelta(days=4),
    )  # fmt: skip
    _useful(answered, by=russia, now=now)
    _begin(
        protocols[0].id, "experience", "تجربهٔ ما با دوز خانگی در تعطیلات",
        "برای تعطیلات چندروزه، دوز خانگی را تنها به کسانی دادیم که سه ماه پایدار بودند. دوزی گم نشد.", "fa",
        by=iran, now=now - timedelta(days=3),
    )  # fmt: skip
    _case(protocols[0].id, by=iran, now=now - timedelta(days=2))
    _waiting(protocols, people, asked, now=now)


def _waiting(protocols: Any, people: People, asked: Any, *, now: datetime) -> None:
    """One post of a new member, one hidden by a safety flag."""
    from portal.discussion.services.flagging import flag

    last = protocols[-1].id
    _begin(
        last, "question", "Where can I read more?", "I am new here. Which training do you recommend?", "en",
        by=people[Role.MEMBER, "RU"], now=now - timedelta(days=4),
    )  # fmt: skip
    risky = _reply(
        asked, "Можно сразу дать вдвое больше, если человек просит.", "ru", by=people[Role.RESEARCHER, "RU"],
        now=now - timedelta(hours=30),
    )  # fmt: skip
    if risky.state == "held":
        from portal.discussion.services.judging import accept

        accept(risky, by=people[Role.MODERATOR, "RU"], now=now - timedelta(hours=29))
    flag(risky, "dangerous", by=people[Role.CLINICIAN, "IR"], now=now - timedelta(hours=28))


def _begin(protocol_id: int, kind: str, *words: str, by: Any, now: datetime) -> Any:
    """`words`: title, text, language."""
    from portal.discussion.dictionary import About, Kind
    from portal.discussion.services.writing import NewThread, Target, start_thread

    title, body, lang = words
    new = NewThread(Kind(kind), title, _said(body, lang))
    return start_thread(new, Target(About.PROTOCOL, protocol_id), by=by, now=now)


def _reply(opening: Any, body: str, lang: str, *, by: Any, now: datetime) -> Any:
    from portal.discussion.services.writing import reply, thread_of

    return reply(thread_of(opening), _said(body, lang), by=by, now=now)


def _case(protocol_id: int, *, by: Any, now: datetime) -> None:
    from portal.discussion.dictionary import About
    from portal.discussion.services.cases import CaseText, start_case
    from portal.discussion.services.writing import Target

    told = CaseText(*TOLD, "Two raised doses with [[10 mg]] each, a week apart.")
    said = _said("The dose does not last until the next morning. Split it, or raise it once more?", "en")
    target = Target(About.PROTOCOL, protocol_id)
    start_case("Methadone does not hold until the morning", said, told, target, by=by, now=now)


def _useful(post: Any, *, by: Any, now: datetime) -> None:
    from portal.discussion.services.writing import set_useful

    set_useful(post, useful=True, by=by, now=now)


def _said(body: str, lang: str) -> Any:
    import uuid

    from portal.discussion.services.checking import Said

    return Said(body, lang, uuid.uuid4().hex)
