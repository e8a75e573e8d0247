"""Episodes of one programme with their marks, as a frame; four queries however many there are."""

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from portal.extensions import db
from portal.programmes.models import Programme
from portal.registry.dictionary import load, versions
from portal.registry.models import BatchState, Episode, EpisodeSensitive, ImportBatch, RuleResult
from portal.registry.quality.questions import questions_of
from portal.registry.queries import visible

if TYPE_CHECKING:
    import pandas as pd

    from analytics.quality import Material

DUPLICATE_RULE: Final = "R42"
SKIPPED: Final = frozenset(
    {"id", "first_id", "replaced_by", "row_key", "case_code", "content_hash", "entered_by", "entered_at"}
)


def read_material(programme: Programme, today: date) -> "Material | None":
    """Everything that the indicators of a programme need; None where it has no episodes."""
    import pandas as pd

    from analytics.outcomes.records import Records
    from analytics.quality import Material

    rows = _episodes(programme.code)
    if rows.empty:
        return None
    frame = _marked(_submitted(rows, programme.code), programme.code)
    followed = {int(version) for version in frame["dictionary_version"].unique()}
    return Material(
        records=Records(episodes=frame, closing_on=today),
        questions=questions_of(followed),
        imports=pd.DataFrame(
            _imports(programme.code), columns=["submitted", "accepted", "rejected", "ignored"]
        ),
        start_month=programme.start_month,
    )


def _episodes(code: str) -> "pd.DataFrame":
    """Every answer of the current episodes; the person is known only where a token says so."""
    import pandas as pd

    left_out = _not_asked(code)
    sensitive = [c for c in EpisodeSensitive.__table__.columns if c.name not in {"episode_id", *left_out}]
    answers = [c for c in Episode.__table__.columns if c.name not in {*SKIPPED, *left_out}]
    number = sa.func.coalesce(Episode.first_id, Episode.id).label("number")
    found = (
        sa.select(Episode.id.label("row_id"), number, *answers, *sensitive)
        .outerjoin(EpisodeSensitive, EpisodeSensitive.episode_id == Episode.id)
        .where(Episode.programme_code == code, visible())
        .order_by(Episode.id)
    )
    result = db.session.execute(found)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
    frame["person"] = [
        s.hex() if known else "" for s, known in zip(frame["person_s"], frame["has_token"], strict=True)
    ]
    return _as_numbers(frame.drop(columns=["person_s", "has_token"]))


def _not_asked(code: str) -> set[str]:
    """Columns of dictionaries that no record of the programme follows: there are hundreds, all empty."""
    followed = sa.select(Episode.dictionary_version).where(Episode.programme_code == code).distinct()
    asked = {v.name for version in db.session.scalars(followed) for v in load(version).answers}
    return {v.name for version in versions() for v in load(version).answers} - asked


def _as_numbers(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Answers that are numbers as such, once; a column of texts stays one."""
    texts = {"person", "programme_code"} | {v.name for v in load().answers if v.kind in {"icd10", "month"}}
    texts |= {v.name for v in load().answers if v.codes and any(isinstance(c, str) for c in v.codes.codes)}
    numbers = {name: "float64" for name in frame.columns if name not in texts}
    return frame.astype(numbers).copy()  # whole again: every conversion left a piece of its own


def _submitted(frame: "pd.DataFrame", code: str) -> "pd.DataFrame":
    """When admission and discharge of each episode were first handed in."""
    at = sa.func.coalesce(Episode.entered_at, ImportBatch.finished_at)
    ended = sa.case((Episode.discharge_day.is_not(None), at))
    number = sa.func.coalesce(Episode.first_id, Episode.id)
    found = (
        sa.select(number, sa.func.min(at), sa.func.min(ended))
        .outerjoin(ImportBatch, ImportBatch.id == Episode.import_batch_id)
        .where(Episode.programme_code == code, sa.or_(Episode.import_batch_id.is_(None), ImportBatch.visible))
        .group_by(number)
    )
    days = {key: (_day(first), _day(last)) for key, first, last in db.session.execute(found)}
    for place, name in enumerate(("submitted_admission", "submitted_discharge")):
        frame[name] = _dates([days[key][place] for key in frame["number"]])
    return frame


def _marked(frame: "pd.DataFrame", code: str) -> "pd.DataFrame":
    """Warnings that stand against each episode. Errors never stand: what breaks one is not accepted."""
    found = (
        sa.select(
            RuleResult.episode_id,
            sa.func.sum(sa.case((RuleResult.severity == "W", 1), else_=0)),
            sa.func.sum(sa.case((RuleResult.severity == "E", 1), else_=0)),
            sa.func.sum(sa.case((RuleResult.rule == DUPLICATE_RULE, 1), else_=0)),
        )
        .join(Episode, Episode.id == RuleResult.episode_id)
        .where(Episode.programme_code == code, visible())
        .group_by(RuleResult.episode_id)
    )
    marks = {key: tuple(map(int, counts)) for key, *counts in db.session.execute(found)}
    for place, name in enumerate(("warnings", "errors", "duplicate")):
        frame[name] = [float(marks.get(key, (0, 0, 0))[place]) for key in frame["row_id"]]
    return frame


def _imports(code: str) -> list[tuple[int, int, int, int]]:
    found = sa.select(ImportBatch).where(
        ImportBatch.programme_code == code, ImportBatch.state == BatchState.DONE
    )
    batches = db.session.scalars(found.order_by(ImportBatch.id))
    return [(batch.submitted, batch.accepted, batch.rejected, batch.ignored) for batch in batches]


def _day(moment: Any) -> str | None:
    """The day of a moment; SQLite gives the minimum of moments as text."""
    return None if moment is None else str(moment)[:10]


def _dates(days: list[str | None]) -> Any:
    import numpy as np

    return np.array(
        [np.datetime64("NaT") if day is None else np.datetime64(day) for day in days], dtype="datetime64[s]"
    )
