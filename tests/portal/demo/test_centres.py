"""Invented centres and programmes, registered through the services."""

from collections import Counter

from portal.cli.demo.centres import make_programmes, places_of
from portal.core.audit import verify
from portal.core.db import utcnow
from portal.programmes.queries import count_programmes


def plans_of(registries):
    return [registry.plan for registry in registries]


def test_each_centre_runs_three_programmes_of_one_region_group(registries):
    plans = plans_of(registries)
    places = places_of(plans)
    assert set(Counter(places).values()) == {3}
    regions = {}
    for place, plan in zip(places, plans, strict=True):
        assert regions.setdefault(place, plan.region) == plan.region


def test_all_programmes_are_synthetic_consent_and_stay_unnamed(app, registries):
    plans = plans_of(registries)
    made = make_programmes(plans, now=utcnow())
    assert count_programmes(synthetic=True) == 24
    assert all(p.synthetic and p.publishes and not p.named_publicly for p in made)
    assert [(p.name, p.country, p.admin1_group, p.modality_codes) for p in made] == [
        (plan.name, plan.country, plan.region, (plan.modality,)) for plan in plans
    ]


def test_registering_leaves_a_whole_audit_chain(app, registries):
    make_programmes(plans_of(registries), now=utcnow())
    assert verify() is None
