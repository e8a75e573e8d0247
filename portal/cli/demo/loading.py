"""Loading the demonstration through the services that people use: accounts, centres, import, edition."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import click

from portal.cli.demo.accounts import NO_DEMONSTRATION, make_accounts
from portal.cli.demo.centres import make_programmes
from portal.cli.demo.collections import load_collections
from portal.cli.demo.following import declare_and_report, name_some
from portal.cli.demo.generator import CLOSING, Registry, generate
from portal.cli.demo.talk import load_talk
from portal.cli.demo.warnings import load_warnings
from portal.core.permissions import Role

EDITION: Final = "2026-H1"
EARLIEST: Final = datetime(2026, 9, 15, 9, tzinfo=UTC)
"""A clock that runs behind would put the invented admissions into the future."""
LANGUAGES: Final = ("en", "ru", "fa")
People = Mapping[tuple[Role, str], Any]


def load_demonstration(*, languages: Sequence[str] = LANGUAGES) -> bool:
    """Load everything into an empty database; False when it is loaded. Refuses beside a real programme."""
    from portal.core.db import utcnow

    refuse_beside_people()
    if is_loaded():
        return False
    if is_begun():
        raise click.ClickException("a load was cut off: run `portal demo --reset`")
    now = max(utcnow(), EARLIEST)
    registries = generate()
    people = make_accounts(now=now)
    programmes = make_programmes([registry.plan for registry in registries], now=now)
    _employ(people, programmes, registries, now=now)
    _load_protocols(people, languages)
    load_collections(people, now=utcnow())
    load_talk(people, now=utcnow())
    load_warnings(people, now=utcnow())
    for registry, programme in zip(registries, programmes, strict=True):
        _import(registry, programme, now=now)
    declare_and_report(people, programmes, now=now)
    _publish(people, now=now)
    name_some(programmes, now=now)
    return True


def refuse_beside_people() -> None:
    """Refuse outside a demonstration, and where this database or the one beside it holds a real programme."""
    from flask import current_app

    from portal.cli.setup import refuse_real_data
    from portal.core.errors import Conflict
    from portal.programmes.queries import count_programmes

    if not current_app.config["DEMONSTRATION"]:
        raise click.ClickException(NO_DEMONSTRATION)
    if count_programmes(synthetic=False):
        raise Conflict("real_programmes_present")
    refuse_real_data(current_app.extensions["portal.config"].data_dir / "portal.db")


def is_loaded() -> bool:
    """Whether the edition, which comes last, is published."""
    from portal.releases.queries import find_edition

    return find_edition(EDITION) is not None


def is_begun() -> bool:
    """Whether a load was cut off: accounts come first."""
    from portal.accounts.queries import count_administrators

    return count_administrators() > 0


def _employ(
    people: People, programmes: Sequence[Any], registries: Sequence[Registry], *, now: datetime
) -> None:
    """The clinician of each country works at the centre whose programme does better than expected."""
    from portal.core.permissions import SYSTEM
    from portal.programmes.services import add_staff

    for registry, programme in zip(registries, programmes, strict=True):
        if registry.plan.effect > 0:
            clinician = people[Role.CLINICIAN, registry.plan.country]
            add_staff(programme.organisation, clinician, by=SYSTEM, now=now)


def _load_protocols(people: People, languages: Sequence[str]) -> None:
    """The sample protocols, published as their authors, reviewers and editors would."""
    from portal.cli.demo.adaptations import load_adaptation
    from portal.cli.demo.fates import raise_doubt
    from portal.cli.demo.translations import load_translation_work
    from portal.core.db import utcnow
    from portal.protocols.services.seed import load_seed

    now = utcnow()
    load_seed(languages=languages, people=people, now=now)
    load_adaptation(people, now=now)
    load_translation_work(people, languages, now=now)
    raise_doubt(people, now=now)


def _import(registry: Registry, programme: Any, *, now: datetime) -> None:
    """One programme's file through the importer; every row must be accepted."""
    from portal.core.permissions import SYSTEM
    from portal.registry.services.imports import VALID, import_file
    from portal.registry.services.submitting import Submission

    batch = import_file(Submission(_file(registry), programme.code), mode=VALID, by=SYSTEM, now=now)
    if batch.rejected:
        raise RuntimeError(f"{batch.rejected} invented rows break a rule")


def _file(registry: Registry) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(registry.header)
    writer.writerows(registry.rows())
    return text.getvalue().encode()


def _publish(people: People, *, now: datetime) -> None:
    """Freeze, approve and build the edition as its two administrators would."""
    from portal.releases import services

    iran, russia = (people[Role.COUNTRY_ADMIN, country] for country in ("IR", "RU"))
    services.freeze(EDITION, CLOSING, by=iran, now=now)
    for administrator in (iran, russia):
        services.approve(EDITION, by=administrator, now=now)
    services.build(EDITION, by=russia, now=now)
