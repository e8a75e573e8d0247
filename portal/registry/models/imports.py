"""What a centre submitted: one batch per file, and the rows of it that wait for correction."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, utcnow


class BatchState(StrEnum):
    LOADING = "loading"  # rows arrive; an unfinished one is swept
    STAGED = "staged"  # a dry run: read and judged, kept for the commit
    DONE = "done"
    REFUSED = "refused"  # the file as a whole: header, encoding, identifier
    SWEPT = "swept"  # killed, or a dry run never committed; its rows are gone


class RowStatus(StrEnum):
    ACCEPTED_NEW = "accepted_new"
    ACCEPTED_CHANGED = "accepted_changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    HELD = "held"
    WITHDRAWN = "withdrawn"


class ImportBatch(Model):
    """Counts of one file. `visible` is the flag that makes its rows count, set in the last transaction."""

    __tablename__ = "import_batch"
    __audited__ = False  # progress is written while rows load; the verbs record start and end

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_code: Mapped[str | None] = mapped_column(sa.String(8), index=True)  # empty: mapped to several
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    made_by: Mapped[int]
    mode: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10), default=BatchState.LOADING)
    visible: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[str] = mapped_column(sa.String(30), default="template")
    profile_version: Mapped[int] = mapped_column(default=1)
    dictionary_version: Mapped[int]
    file_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"))
    header: Mapped[str] = mapped_column(sa.Text, default="[]")
    summary: Mapped[str] = mapped_column(sa.Text, default="{}")
    rows_read: Mapped[int] = mapped_column(default=0)
    submitted: Mapped[int] = mapped_column(default=0)
    accepted_new: Mapped[int] = mapped_column(default=0)
    accepted_changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment, default=utcnow)  # a loading process says so
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def accepted(self) -> int:
        return self.accepted_new + self.accepted_changed

    @property
    def ignored(self) -> int:
        return self.unchanged + self.held + self.withdrawn


class ImportRow(Model):
    """A row that was rejected or held. Keys are kept re-keyed; `cells` leaves them and free text blank."""

    __tablename__ = "import_row"
    __audited__ = False

    import_batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(10))
    programme_code: Mapped[str | None] = mapped_column(sa.String(8))
    row_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    person_s: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    codes: Mapped[str] = mapped_column(sa.Text)  # "CODE:column" by U+001F
    cells: Mapped[str] = mapped_column(sa.Text)  # in header order, separated by U+001F
    resolved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"))
