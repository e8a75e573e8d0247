"""Second review of approved texts: every month some are drawn at random, and somebody else judges them.

The draw is the same for a month however often it is made: texts are ordered by a hash of month and unit.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any, Final

from portal.core import jobs
from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import SYSTEM, Actor
from portal.extensions import db
from portal.protocols.dictionary import CLINICAL_SECTIONS, LANGUAGES
from portal.protocols.models import ProtocolVersion, TranslationUnit, UnitComplaint, UnitSample
from portal.protocols.models.translating import VERDICTS
from portal.protocols.policies import check_can_judge_sample
from portal.protocols.queries.complaints import find_open_complaint
from portal.protocols.queries.sampling import has_draw, list_effective, section_of
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.units import digest

SHARE: Final = 0.05
AT_LEAST: Final = 10
TASK: Final = "translations.sample"


@jobs.task(TASK)
def draw_this_month(_args: dict[str, Any]) -> None:
    """Safe to be asked every day: the first day of a month draws, the others find it drawn."""
    now = utcnow()
    draw_samples(f"{now:%Y-%m}", by=SYSTEM, now=now)


@transaction
def draw_samples(month: str, *, by: Actor, now: datetime) -> int:
    """Draw 5 % of the approved texts of each language, at least 10, once a month (`2026-11`).

    Returns how many; a second draw of the month changes nothing and returns 0.
    """
    if has_draw(month):
        return 0
    drawn = [unit for lang in LANGUAGES for unit in choose(month, list_effective(lang))]
    if not drawn:
        return 0
    db.session.add_all(UnitSample(month=month, unit_id=u.id, lang=u.lang, drawn_at=now) for u in drawn)
    record("translation.sampled", by=by, target=("translation_sample", month), changes={"count": len(drawn)})
    return len(drawn)


def choose(month: str, units: Sequence[TranslationUnit]) -> list[TranslationUnit]:
    """The texts of one language for a month: at random to look at, the same for whoever repeats it."""
    count = max(AT_LEAST, ceil(SHARE * len(units)))
    return sorted(units, key=lambda u: digest([month, u.protocol_id, u.unit_key, u.lang]))[:count]


@transaction
def judge_sample(
    sample: UnitSample, version: ProtocolVersion, verdict: str, note: str, *, by: Actor, now: datetime
) -> None:
    """Say whether an approved text is right. A wrong one becomes a complaint that an editor decides."""
    unit = sample.unit
    check_can_judge_sample(by, unit, clinical=section_of(unit) in CLINICAL_SECTIONS)
    if sample.verdict:
        raise Conflict("already_decided")
    if verdict not in VERDICTS:
        raise Invalid(problems=(Problem("verdict", "code_unknown"),))
    if verdict != "right" and not note.strip():
        raise Invalid("reason_missing", problems=(Problem("note", "reason_missing"),))
    refuse_identifiers(note=note)
    sample.verdict, sample.note, sample.judged_by, sample.judged_at = verdict, note.strip(), by.id, now
    if verdict == "wrong" and find_open_complaint(unit.id, by.id) is None:
        _complain(unit, note.strip(), by=by, now=now)
    record("translation.sample_judged", by=by, target=("protocol", version.protocol.public_id),
           changes={"lang": unit.lang, "unit": unit.unit_key, "verdict": verdict})  # fmt: skip


def _complain(unit: TranslationUnit, body: str, *, by: Actor, now: datetime) -> None:
    db.session.add(
        UnitComplaint(
            protocol_id=unit.protocol_id, unit_id=unit.id, unit_key=unit.unit_key, lang=unit.lang, body=body,
            state="open", created_by=by.id, created_at=now,
        )
    )  # fmt: skip
