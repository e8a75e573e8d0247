"""Early warnings of the demonstration: made by the verbs that people use, and said to be invented."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from factories import make_user

from portal.alerts import queries
from portal.cli.demo import warnings
from portal.core.db import utcnow
from portal.core.permissions import SYSTEM, Role
from portal.vocabulary.services import load_seed

ROLES = (Role.CLINICIAN, Role.EDITOR, Role.ALERT_PANEL, Role.TRANSLATOR)
INVENTED = {"en": "invented", "ru": "придумано", "fa": "ساخته شده"}


@pytest.fixture
def loaded(app):
    load_seed(by=SYSTEM)
    languages = {"IR": "fa", "RU": "ru"}
    people = {
        (role, country): make_user(role, country=country, language=lang)
        for role in ROLES
        for country, lang in languages.items()
    }
    warnings.load_warnings(people, now=utcnow())
    return SimpleNamespace(people=people)


def test_one_is_in_force_and_one_has_expired(loaded):
    [current], [past] = (queries.list_public_alerts(current=which) for which in (True, False))
    assert (current.alert.state, current.alert.level, current.alert.country) == ("issued", "alert", "IR")
    assert (past.alert.state, past.alert.level, past.alert.country) == ("expired", "advisory", "RU")
    assert current.alert.second_due_at is None
    assert current.alert.valid_until > utcnow().date() > past.alert.valid_until + timedelta(days=10)
    assert current.version.record["contact"]
    assert current.version.record["matrix"]


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_each_text_of_the_one_in_force_is_in_the_readers_language(client, loaded, lang):
    [shown] = queries.list_public_alerts(lang, current=True)
    assert {name: told.is_translated for name, told in shown.texts.items()} == {
        "message": True,
        "unknown": True,
    }
    assert INVENTED[lang] in client.get(f"/{lang}/alerts/{shown.alert.public_id}").text
