"""What approvers see of a freeze: their own country exactly and by name, the other by code and in bands."""

import json
from datetime import date
from types import SimpleNamespace

import edition_world as world_of
import pytest
from factories import make_user

from portal.core.audit import AuditEvent
from portal.core.errors import Conflict
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.services import give_consent
from portal.releases import queries, services
from portal.releases.services.reporting import banded, count_for, total_for

NOW = world_of.NOW


def report(world, country):
    return services.report_for(queries.find_freeze("2026H1"), world.administrators[country])


@pytest.mark.parametrize(
    ("persons", "shown"),
    [
        (0, "<10"),
        (1, "<10"),
        (9, "<10"),
        (10, "about 10"),
        (14, "about 10"),
        (15, "about 15"),
        (1004, "about 1000"),
    ],
)
def test_bands(persons, shown):
    assert banded(persons).plain == shown


@pytest.mark.parametrize("country", ["IR", "RU"])
def test_own_country_is_exact_and_named_the_other_is_not(world, country):
    stored = json.loads(world_of.freeze(world).report)
    exact = {row["code"]: row for row in stored["programmes"]}
    for shown in report(world, country).programmes:
        row = exact[shown.code]
        own = row["country"] == country
        assert shown.persons.exact == own
        assert shown.persons.plain == (row["persons"] if own else banded(row["persons"]).plain)
        assert shown.name == (row["programme"] if own else "")


def test_a_reader_of_neither_country_sees_bands_only(world):
    seen = services.report_for(world_of.freeze(world), SYSTEM)
    assert not any(p.persons.exact or p.name for p in seen.programmes)
    assert not any(count.exact for count in (seen.persons, *seen.countries.values(), *seen.left_out.values()))


def test_who_is_named_publicly_is_named_to_all(world):
    named = world.programmes[0]
    give_consent(named, date(2024, 1, 1), named_publicly=True, by=SYSTEM, now=NOW)
    world_of.freeze(world)
    assert [p.name for p in report(world, "RU").programmes if p.country == "IR" and p.name] == [named.name]


@pytest.mark.parametrize("own", [0, 3, 113, 1144])
@pytest.mark.parametrize("other", [890, 40, 10])
def test_no_total_tells_more_than_its_bands(own, other):
    """Whatever the other country's number within its band: the reader sees one and the same total."""
    reader = SimpleNamespace(country="IR")
    band = range(other, other + 5)
    assert len({total_for(reader, {"IR": own, "RU": n}) for n in band}) == 1
    assert len({count_for(reader, "RU", n) for n in band}) == 1
    assert total_for(reader, {"IR": own, "RU": 0}) == total_for(reader, {"IR": own, "RU": 9})


def test_freezes_that_differ_by_few_people_look_alike(world):
    """Subtraction across two freezes gives nothing back while the band is the same."""
    russian = world.programmes[8]
    world_of.add_people(world, russian, world_of.plans()[8], 1)
    world_of.freeze(world)
    before = report(world, "IR").countries["RU"]
    world_of.add_people(world, russian, world_of.plans()[8], 1)
    stored = json.loads(world_of.freeze(world).report)
    assert stored["countries"]["RU"] == 896
    assert report(world, "IR").countries["RU"] == before


def test_the_codes_are_those_of_the_edition(world):
    world_of.freeze(world)
    frozen = {p.name: p.code for p in report(world, "IR").programmes if p.name}
    world_of.approve(world)
    edition = world_of.build(world)
    names = {programme.id: programme.name for programme in world.programmes}
    shown = {names[p.programme_id]: p.code for p in queries.programmes_in(edition)}
    assert frozen == {name: code for name, code in shown.items() if code.startswith("IR")}


def test_programmes_stand_in_the_order_of_their_codes(world):
    world_of.freeze(world)
    codes = [p.code for p in report(world, "IR").programmes]
    assert codes == sorted(codes)
    assert len(set(codes)) == len(codes)


def test_refusals_tell_bands_as_well(app):
    plans = [world_of.Plan("IR", "M20", 200, "IR1") for _ in range(3)]
    plans += [world_of.Plan("RU", "M40", persons, "RU1") for persons in (31, 31, 32)]
    world = world_of.make_world(wanted=tuple(plans))
    with pytest.raises(Conflict) as refused:
        services.freeze("2026H1", world_of.CLOSING, by=world.administrators["IR"], now=NOW)
    assert refused.value.values == {"country": "RU", "found": 90, "needed": 100}
    with pytest.raises(Conflict) as refused:
        services.freeze("2026H1", world_of.CLOSING, by=world.administrators["RU"], now=NOW)
    assert refused.value.values["found"] == 94


def test_the_audit_holds_no_number_of_persons(world):
    world_of.freeze(world)
    (event,) = db.session.query(AuditEvent).filter_by(event="edition.frozen").all()
    assert "2038" not in str(vars(event))


def test_another_administrator_of_the_country_sees_the_same(world):
    world_of.freeze(world)
    colleague = make_user("country_admin", country="RU")
    assert services.report_for(queries.find_freeze("2026H1"), colleague) == report(world, "RU")
