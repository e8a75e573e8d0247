"""A small registry for tests of editions: programmes by service, episodes by plain inserts, all from a seed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from factories import make_programme, make_user

from portal.accounts.models import User
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.models import Programme
from portal.programmes.services import give_consent
from portal.registry.models import Episode, Person
from portal.releases import services
from portal.releases.models import Edition

NOW: Final = datetime.fromisoformat("2026-09-15T09:00:00+00:00")
CLOSING: Final = date(2026, 7, 31)
LATER: Final = datetime.fromisoformat("2027-03-15T09:00:00+00:00")
LATER_CLOSING: Final = date(2027, 1, 31)
LATER_MONTHS: Final = [f"2026-{month:02d}" for month in range(1, 7)]
MONTHS: Final = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


@dataclass(frozen=True, slots=True)
class Plan:
    """One programme to make: how many persons, and how its people fare."""

    country: str
    modality: str
    persons: int
    region: str
    effect: float = 0.0
    unknown_reason: float = 0.02
    assessed: float = 0.9
    open_unknown: float = 0.05


def plans(*, small: bool = True) -> tuple[Plan, ...]:
    """Iran: six agonist and two residential; Russia: five psychosocial, three antagonist; one too small each."""
    iran = [Plan("IR", "M20", persons, f"IR{1 + i % 2}", effect) for i, (persons, effect) in enumerate(
        [(160, 0.0), (140, 0.0), (180, 1.2), (150, 0.0), (130, 0.0), (120, -0.3)]
    )]  # fmt: skip
    iran += [Plan("IR", "M51", 70, "IR1"), Plan("IR", "M51", 60, "IR2")]
    russia = [
        Plan("RU", "M40", persons, f"RU{1 + i % 2}") for i, persons in enumerate([120, 110, 130, 100, 140])
    ]
    russia += [Plan("RU", "M32", persons, f"RU{1 + i % 2}") for i, persons in enumerate([90, 100, 80])]
    too_small = [Plan("IR", "M20", 24, "IR1"), Plan("RU", "M40", 24, "RU1")] if small else []
    closed = [Plan("IR", "M20", 110, "IR2", unknown_reason=0.5, assessed=0.5)]
    return (*iran, *russia, *too_small, *closed)


@dataclass(slots=True)
class World:
    """What was made, with one administrator of each country."""

    programmes: list[Programme]
    administrators: dict[str, User]
    rng: np.random.Generator
    people: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


def make_world(*, seed: int = 7, synthetic: bool = True, wanted: tuple[Plan, ...] | None = None) -> World:
    """A registry with consenting programmes and their episodes."""
    admins = {country: make_user("country_admin", country=country) for country in ("IR", "RU")}
    world = World([], admins, np.random.default_rng(seed))
    for plan in wanted or plans():
        add_programme(world, plan, synthetic=synthetic)
    return world


def add_programme(world: World, plan: Plan, *, synthetic: bool = True) -> Programme:
    programme = make_programme(
        plan.country, modality=plan.modality, synthetic=synthetic, admin1_group=plan.region, now=NOW
    )
    give_consent(programme, date(2024, 1, 1), named_publicly=False, by=SYSTEM, now=NOW)
    world.programmes.append(programme)
    add_people(world, programme, plan, plan.persons)
    return programme


def add_people(
    world: World, programme: Programme, plan: Plan, persons: int, *, months: list[str] | None = None
) -> None:
    """Insert one episode for each of so many new persons."""
    rows = []
    for _ in range(persons):
        world.people += 1
        month = str(world.rng.choice(months or MONTHS))
        rows.append(_episode(world.rng, plan, programme.code, world.people, month))
    if rows:
        insert(rows)


def insert(rows: list[dict[str, Any]]) -> None:
    """Insert episodes and their persons as an import would leave them."""
    people = [{"programme_code": row["programme_code"], "s": row["person_s"]} for row in rows]
    db.session.rollback()
    db.session.execute(sa.insert(Person), people)
    db.session.execute(sa.insert(Episode), rows)
    db.session.commit()


def _episode(rng: np.random.Generator, plan: Plan, code: str, number: int, month: str) -> dict[str, Any]:
    opioid = plan.modality == "M20"
    age, prior, inject = int(rng.integers(2, 12)), int(rng.choice([0, 2])), int(rng.choice([0, 2, 4]))
    substance = int(rng.choice([151, 110])) if opioid else int(rng.choice([800, 110, 341]))
    score = 0.4 + plan.effect + 0.4 * (age > 6) - 0.5 * (inject == 4) - 0.2 * (prior > 0)
    days = int(min(400, rng.exponential(240 * np.exp(0.5 * score))))
    row = {
        "programme_code": code, "row_key": _key("row", number), "person_s": _key("person", number),
        "has_token": True, "content_hash": bytes(16), "dictionary_version": 1, "admission_month": month,
        "sex": int(rng.choice([1, 1, 1, 2])), "age_band": age, "prior_treatment": prior,
        "inject_status": inject, "dx_icd10": "F11.2" if opioid else "F10.2", "modality": plan.modality,
        "substance_1_code": substance, "start_day": 0 if rng.random() < plan.assessed else None,
        "review_1_day": 182, "review_1_d28_alcohol": int(rng.choice([0, 0, 9])),
        "review_1_d28_opioid": int(rng.choice([0, 0, 9])), "review_1_d28_stimulant": int(rng.choice([0, 0, 9])),
        "review_1_d28_controlled_env": 0, **_ending(rng, plan, days),
    }  # fmt: skip
    if rng.random() >= plan.assessed:
        row["review_1_day"] = None
    return row


def _ending(rng: np.random.Generator, plan: Plan, days: int) -> dict[str, Any]:
    if plan.modality == "M51" and days > 30:
        days = int(rng.integers(60, 120))
        reason = int(rng.choice([11, 11, 31, 21]))
    else:
        reason = (
            99 if rng.random() < plan.unknown_reason else int(rng.choice([31, 31, 31, 32, 33, 41, 61, 21]))
        )
    is_open = days > 300 or rng.random() < plan.open_unknown
    if is_open:
        return {
            "last_contact_day": days,
            "discharge_day": None,
            "discharge_reason": None,
            "exit_day": None,
        } | _depot(plan, days)
    exit_day = days if rng.random() < plan.assessed else None
    return {
        "last_contact_day": days, "discharge_day": days, "discharge_reason": reason, "exit_day": exit_day,
    } | _depot(plan, days)  # fmt: skip


def _depot(plan: Plan, days: int) -> dict[str, Any]:
    if plan.modality != "M32":
        return {"last_depot_day": None, "depot_interval_days": None}
    return {"last_depot_day": max(0, days - 35), "depot_interval_days": 28}


def _key(kind: str, number: int) -> bytes:
    import hashlib

    return hashlib.sha256(f"{kind} {number}".encode()).digest()


def freeze(world: World, name: str = "2026H1", *, closing: date = CLOSING, now: datetime = NOW) -> Any:
    return services.freeze(name, closing, by=world.administrators["IR"], now=now)


def approve(world: World, name: str = "2026H1", *, now: datetime = NOW) -> None:
    for person in world.administrators.values():
        services.approve(name, by=person, now=now)


def build(world: World, name: str = "2026H1", *, now: datetime = NOW) -> Edition:
    return services.build(name, by=world.administrators["RU"], now=now)


def publish(world: World, name: str = "2026H1", *, closing: date = CLOSING, now: datetime = NOW) -> Edition:
    """The whole way: freeze, both approvals, build."""
    freeze(world, name, closing=closing, now=now)
    approve(world, name, now=now)
    return build(world, name, now=now)


def recall(app: Any) -> World:
    """The world of a copied database: programmes and administrators read again."""
    del app
    people = db.session.scalars(sa.select(User).order_by(User.id)).all()
    admins = {user.country: user for user in people if "country_admin" in user.role_codes}
    programmes = list(db.session.scalars(sa.select(Programme).order_by(Programme.id)))
    return World(programmes, admins, np.random.default_rng(11), people=100_000)


def grow(world: World, *, stands: int) -> None:
    """New people for every programme but the small ones: sixty each, ten for the one that stands."""
    for place, (programme, plan) in enumerate(zip(world.programmes, plans(), strict=True)):
        if plan.persons >= 30:
            add_people(world, programme, plan, 10 if place == stands else 60, months=LATER_MONTHS)
