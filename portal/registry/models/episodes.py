"""Episodes: one wide row per revision of one course of treatment, and what the rules said about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, both_or_neither
from portal.registry.dictionary import load, versions

Answer = Mapped[int | None]


def _answer() -> Mapped[int | None]:
    """A code, number of days, or missing code (-1, -2, -3, -5, -9). NULL: the group was never recorded."""
    return mapped_column(sa.SmallInteger)


class Episode(Model):
    __tablename__ = "episode"
    __table_args__ = (
        sa.Index("ix_episode_row_key", "row_key"),
        sa.Index("ix_episode_person_s", "person_s"),
        sa.Index("ix_episode_programme_code", "programme_code", "admission_month"),
        sa.Index("ix_episode_import_batch_id", "import_batch_id"),
        sa.Index("ix_episode_first_id", "first_id", sqlite_where=sa.text("first_id IS NOT NULL")),
        sa.Index(
            "uq_episode_case_code", "programme_code", "case_code", "revision", unique=True,
            sqlite_where=sa.text("case_code IS NOT NULL"), postgresql_where=sa.text("case_code IS NOT NULL"),
        ),
        both_or_neither("entered_by", "entered_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    replaced_by: Mapped[int | None]
    import_batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"))
    line: Mapped[int | None]
    programme_code: Mapped[str] = mapped_column(sa.String(8))
    row_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    person_s: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    has_token: Mapped[bool] = mapped_column(default=False)
    case_code: Mapped[str | None] = mapped_column(sa.String(7))
    content_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    dictionary_version: Mapped[int] = mapped_column(sa.SmallInteger)
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime | None] = mapped_column(Moment)

    admission_month: Mapped[str] = mapped_column(sa.String(7))
    admission_precision: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    sex: Answer = _answer()
    age_band: Answer = _answer()
    labour: Answer = _answer()
    living_where: Answer = _answer()
    referral_source: Answer = _answer()
    prior_treatment: Answer = _answer()
    dx_icd10: Mapped[str] = mapped_column(sa.String(6))
    inject_status: Answer = _answer()
    modality: Mapped[str] = mapped_column(sa.String(3))
    substance_1_code: Answer = _answer()
    substance_1_route: Answer = _answer()
    substance_1_days28: Answer = _answer()
    substance_2_code: Answer = _answer()
    substance_2_route: Answer = _answer()
    substance_2_days28: Answer = _answer()
    substance_3_code: Answer = _answer()
    substance_3_route: Answer = _answer()
    substance_3_days28: Answer = _answer()
    substance_4_code: Answer = _answer()
    substance_4_route: Answer = _answer()
    substance_4_days28: Answer = _answer()
    start_day: Answer = _answer()
    start_d28_alcohol: Answer = _answer()
    start_d28_opioid: Answer = _answer()
    start_d28_stimulant: Answer = _answer()
    start_d28_inject: Answer = _answer()
    start_d28_controlled_env: Answer = _answer()
    depot_interval_days: Answer = _answer()
    last_depot_day: Answer = _answer()
    review_1_day: Answer = _answer()
    review_1_d28_alcohol: Answer = _answer()
    review_1_d28_opioid: Answer = _answer()
    review_1_d28_stimulant: Answer = _answer()
    review_1_d28_inject: Answer = _answer()
    review_1_d28_controlled_env: Answer = _answer()
    review_2_day: Answer = _answer()
    review_2_d28_alcohol: Answer = _answer()
    review_2_d28_opioid: Answer = _answer()
    review_2_d28_stimulant: Answer = _answer()
    review_2_d28_inject: Answer = _answer()
    review_2_d28_controlled_env: Answer = _answer()
    last_contact_day: Answer = _answer()
    discharge_day: Answer = _answer()
    discharge_reason: Answer = _answer()
    day_precision: Mapped[int] = mapped_column(sa.SmallInteger, default=1)  # 1 exact, 2 lower end of a band
    exit_day: Answer = _answer()
    exit_labour: Answer = _answer()
    exit_living_where: Answer = _answer()
    exit_d28_alcohol: Answer = _answer()
    exit_d28_opioid: Answer = _answer()
    exit_d28_stimulant: Answer = _answer()
    exit_d28_inject: Answer = _answer()
    exit_d28_controlled_env: Answer = _answer()
    followup_90_status: Answer = _answer()
    followup_90_days: Answer = _answer()
    followup_180_status: Answer = _answer()
    followup_180_days: Answer = _answer()
    followup_365_status: Answer = _answer()
    followup_365_days: Answer = _answer()

    @property
    def number(self) -> int:
        """The episode's lasting number: the same for every revision of it."""
        return self.first_id or self.id


class EpisodeSensitive(Model):
    """Answers that never enter a snapshot, a comparison or a public page."""

    __tablename__ = "episode_sensitive"

    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"), primary_key=True)
    legal_status: Answer = _answer()


def _add_answers(model: type[Model], *, sensitive: bool) -> None:
    """Columns of the later dictionaries. They are read together, and only when one of them is asked for."""
    for variable in (v for version in versions() for v in load(version).stored if v.sensitive == sensitive):
        if variable.name not in model.__table__.columns:
            column = mapped_column(sa.SmallInteger, deferred=True, deferred_group="later", nullable=True)
            setattr(model, variable.name, column)


_add_answers(Episode, sensitive=False)
_add_answers(EpisodeSensitive, sensitive=True)


class RuleResult(Model):
    """A warning or note that stands against an accepted revision. What passed is not stored."""

    __tablename__ = "rule_result"

    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    severity: Mapped[str] = mapped_column(sa.String(1))
    confirmation: Mapped[str | None] = mapped_column(sa.String(20))  # notes, patient, will_correct
