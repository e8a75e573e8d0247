"""FREEZE: eligible persons of consenting programmes become a snapshot that everything else is bound to."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

import sqlalchemy as sa

from analytics import engine
from analytics.disclosure import Noise, parameter_hash
from analytics.disclosure.parameters import (
    EDITION_PERSONS,
    EDITION_PERSONS_PER_COUNTRY,
    GROUP_PERCENT,
    GROUP_PROGRAMMES,
)
from portal.core.audit import record
from portal.core.db import on_commit, transaction
from portal.core.errors import Conflict, InvalidTransition
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db
from portal.programmes.models import Programme
from portal.programmes.queries import list_programmes
from portal.registry.models import Snapshot, SnapshotMember
from portal.releases import catalogue
from portal.releases.builder.eligible import Eligible, find_eligible
from portal.releases.builder.rows import Row, layout, merge_rarest, snapshot_row
from portal.releases.models import EditionFreeze
from portal.releases.policies import check_can_freeze
from portal.releases.services.coding import codes_in_edition
from portal.releases.services.discarding import clear_expired, expire_later
from portal.releases.services.reporting import count_for, report_text, total_for
from portal.releases.services.standing import open_freezes, standing_of
from portal.releases.services.store import drop_snapshot, make_key, read_key, snapshot_path
from portal.releases.workflow import (
    COUNTRIES,
    EXPIRED,
    FROZEN,
    PUBLISHED,
    TRANSITIONS,
    check_closing,
    check_name,
)

_REPLACED: Final = "frozen again"


@dataclass(frozen=True, slots=True)
class Frozen:
    """Rows of a freeze with the levels that they use."""

    rows: list[Row]
    levels: catalogue.Levels
    programmes: Sequence[Programme]
    eligible: Eligible
    merged_levels: int


@transaction
def freeze(
    name: str, closing_on: date, *, by: Actor, now: datetime, must_be_new: bool = False
) -> EditionFreeze:
    """Freeze the eligible persons of an edition: snapshot file, digest, key, and the report for approvers.

    An administrator may freeze again until publication; earlier approvals then bind nothing any more. With
    `must_be_new` a name that is in use is refused. Raises Invalid for the name or the closing date,
    InvalidTransition when published, Conflict when another edition waits for publication, when there are too
    few persons or a region cannot be shown.
    """
    check_can_freeze(by)
    check_name(name)
    check_closing(closing_on, now=now)
    standing = standing_of(name, now=now)
    if must_be_new and standing.state in (FROZEN, PUBLISHED):
        raise Conflict("edition_name_used")
    check(TRANSITIONS, standing, "freeze")
    _refuse_second(name, now=now)
    clear_expired(by=by, now=now, but=name)
    frozen = _collect(closing_on)
    _check_persons(frozen, by=by)
    _replace_earlier(name, EXPIRED if standing.state == EXPIRED else _REPLACED, now=now)
    snapshot = _write(name, closing_on, frozen, by=by, now=now)
    frozen_edition = EditionFreeze(
        edition=name, snapshot_id=snapshot.id, closing_on=closing_on,
        synthetic=_is_synthetic(frozen.programmes),
        digest=snapshot.digest, catalogue_version=catalogue.VERSION, parameter_hash=parameter_hash(),
        levels=json.dumps(frozen.levels), report=_report(name, frozen, snapshot.digest), frozen_by=by.id,
        frozen_at=now,
    )  # fmt: skip
    db.session.add(frozen_edition)
    expire_later(frozen_edition)
    changes = {"closing_on": closing_on.isoformat()}
    record("edition.frozen", by=by, target=("edition", name), changes=changes, hash_after=snapshot.digest)
    return frozen_edition


def _refuse_second(name: str, *, now: datetime) -> None:
    """One edition at a time: two that differ by a month would show that month's people by subtraction."""
    others = [freeze_.edition for freeze_ in open_freezes(now=now) if freeze_.edition != name]
    if others:
        raise Conflict("freeze_open", edition=others[0])


def _collect(closing_on: date) -> Frozen:
    programmes = [p for p in list_programmes() if p.publishes and p.country in COUNTRIES]
    _is_synthetic(programmes)
    eligible = find_eligible(programmes, closing_on)
    by_code = {programme.code: programme for programme in programmes}
    regions = _regions(eligible, by_code)
    levels = catalogue.levels_of(closing_on, sorted(set(regions.values())))
    rows = [
        snapshot_row(episode, programme, regions[programme.admin1_group], levels)
        for episode in eligible.episodes
        for programme in [by_code[episode["programme_code"]]]
    ]
    return Frozen(rows, levels, programmes, eligible, merge_rarest(rows))


def _is_synthetic(programmes: Sequence[Programme]) -> bool:
    """Whether the edition is synthetic; people and inventions are never in one."""
    kinds = {programme.synthetic for programme in programmes}
    if len(kinds) > 1:
        raise Conflict("synthetic_and_real")
    return kinds == {True}


def _regions(eligible: Eligible, programmes: dict[str, Programme]) -> dict[str, str]:
    """Region level of every region group, pooled until it may be shown."""
    persons: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(Counter))
    for episode in eligible.episodes:
        programme = programmes[episode["programme_code"]]
        persons[programme.country][programme.admin1_group][programme.code] += 1
    regions: dict[str, str] = {}
    for country, groups in persons.items():
        pools = catalogue.merge_regions(country, groups, least=GROUP_PROGRAMMES, percent=GROUP_PERCENT)
        if pools is None:
            raise Conflict("region_too_concentrated", country=country)
        regions |= {group: catalogue.region_code(pool) for pool in pools for group in pool}
    return regions


def _check_persons(frozen: Frozen, *, by: Actor) -> None:
    counted = Counter(str(row["country"]) for row in frozen.rows)
    if counted.total() < EDITION_PERSONS:
        found = total_for(by, counted).value
        raise Conflict("too_few_persons", found=found, needed=EDITION_PERSONS)
    for country in COUNTRIES:
        if counted[country] < EDITION_PERSONS_PER_COUNTRY:
            found = count_for(by, country, counted[country]).value
            needed = EDITION_PERSONS_PER_COUNTRY
            raise Conflict("too_few_persons_in_country", country=country, found=found, needed=needed)


def _write(name: str, closing_on: date, frozen: Frozen, *, by: Actor, now: datetime) -> Snapshot:
    path = snapshot_path(name, engine.digest(frozen.rows))
    written = engine.write_snapshot(frozen.rows, path, layout(frozen.programmes, frozen.levels))
    make_key(name)
    _drop_earlier(name, written.digest)
    snapshot = Snapshot(
        edition=name, closing_on=closing_on, digest=written.digest, file_sha256=written.file_sha256,
        rows=written.rows, frozen_at=now, frozen_by=by.id,
    )  # fmt: skip
    db.session.add(snapshot)
    db.session.flush()
    _note_members(snapshot, frozen.eligible)
    return snapshot


def _replace_earlier(name: str, reason: str, *, now: datetime) -> None:
    """An earlier freeze of the same edition is void."""
    earlier = sa.update(Snapshot).where(Snapshot.edition == name, Snapshot.void_at.is_(None))
    db.session.execute(earlier.values(void_at=now, void_reason=reason))


def _drop_earlier(name: str, digest: str) -> None:
    """The files of earlier freezes go once this one is committed."""
    earlier = sa.select(Snapshot.digest).where(Snapshot.edition == name, Snapshot.digest != digest)
    for old in db.session.scalars(earlier.distinct()):
        on_commit(partial(drop_snapshot, name, old))


def _note_members(snapshot: Snapshot, eligible: Eligible) -> None:
    members = [
        {
            "snapshot_id": snapshot.id,
            "programme_code": episode["programme_code"],
            "s": episode["person_s"],
            "episode_id": episode["id"],
        }
        for episode in eligible.episodes
    ]
    db.session.execute(sa.insert(SnapshotMember), members)


def _report(name: str, frozen: Frozen, digest: str) -> str:
    """Counts for the approvers, the programmes under the codes of this edition; no cells."""
    noise = Noise.of(read_key(name), edition=name, digest=digest)
    here = {str(row["programme"]) for row in frozen.rows}
    codes = codes_in_edition(here, noise, synthetic=_is_synthetic(frozen.programmes))
    return report_text(
        frozen.rows, frozen.programmes, codes, left_out=frozen.eligible.left_out,
        merged_levels=frozen.merged_levels, regions=frozen.levels["region"],
    )  # fmt: skip


def refuse_changed(freeze_: EditionFreeze) -> None:
    """Refuse what was frozen under another catalogue or other parameters."""
    if (freeze_.catalogue_version, freeze_.parameter_hash) != (catalogue.VERSION, parameter_hash()):
        raise InvalidTransition("parameters_changed")
