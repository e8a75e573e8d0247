"""Beside a protocol: who follows it, what centres found with it, and the head of its outcome block.

Figures come with an edition; until one has enough programmes the block says so and shows reports alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from portal.core import i18n
from portal.core.db import utcnow
from portal.core.permissions import Permission, has_permission
from portal.core.web import actor_or_none
from portal.programmes import catalogue
from portal.protocols.dictionary import READABLE
from portal.protocols.forms import following_words, labels
from portal.protocols.models import ProgrammeProtocol
from portal.protocols.queries.following import list_followers
from portal.protocols.queries.page import Page
from portal.protocols.queries.reports import Experience, find_experience
from portal.releases.queries import latest_edition

LEAST_PROGRAMMES: Final = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """What the page shows of those who use the protocol. `number` of programmes is hidden below three."""

    rows: Sequence[ProgrammeProtocol]
    named: Sequence[ProgrammeProtocol]
    experience: Experience
    barriers: str
    changed: str
    level: str
    number: int | None
    edition: Any
    is_older: bool
    may_declare: bool
    may_report: bool
    words: dict[str, Any]

    @staticmethod
    def kind_of(row: ProgrammeProtocol) -> str:
        return catalogue.label("centre_type", row.programme.centre_type, i18n.current())


def beside(page: Page) -> Beside:
    """Everything in a fixed number of queries, however many programmes and reports there are."""
    rows = list_followers(page.protocol.id, today=utcnow().date())
    seen = find_experience(page.protocol.id, rows)
    major = max(
        (m for row in rows if (m := row.version.major) <= page.version.major), default=page.version.major
    )
    same = [row for row in rows if row.version.major == major]
    actor, open_now = actor_or_none(), page.version.state in READABLE
    return Beside(
        rows=rows,
        named=[row for row in rows if row.programme.named_publicly],
        experience=seen,
        barriers=_counted((str(following_words.BARRIERS[code]), n) for code, n in seen.barriers),
        changed=_counted((_block(page, key), n) for key, n in seen.changed_blocks),
        level=f"{major}.x",
        number=len(same) if len(same) >= LEAST_PROGRAMMES else None,
        edition=latest_edition(),
        is_older=major < page.version.major,
        may_declare=page.is_current
        and actor is not None
        and has_permission(actor, Permission.DECLARE_PROTOCOL),
        may_report=open_now and actor is not None and has_permission(actor, Permission.REPORT_FROM_FIELD),
        words=following_words.words(),
    )


def _counted(pairs: Any) -> str:
    return _(", ").join(f"{name} ({i18n.number(n)})" for name, n in pairs)


def _block(page: Page, key: str) -> str:
    """A block by its section, and by the drug of a dose line."""
    for section, blocks in page.sections.items():
        for block in blocks:
            if block.key == key:
                return (
                    f"{labels.SECTIONS[section]}: {block.drug}"
                    if block.drug
                    else str(labels.SECTIONS[section])
                )
    return _("a block of another version")
