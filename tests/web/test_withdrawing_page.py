"""The page on which a centre withdraws a patient: asked, shown once more, deleted; the same answer for everybody."""

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from registry_records import row, table, token
from web.journey import send

from portal.extensions import db
from portal.registry.models import Episode, Tombstone
from portal.registry.services.imports import VALID, import_file
from portal.registry.services.submitting import Submission

WHO = token(1, "person")
NATIONAL = "9990000018"
PATH = "/{}/programme/withdraw"


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre)


@pytest.fixture
def clinician(client, sign_in, centre):
    return sign_in(client, "clinician", user=make_user("clinician", organisation=centre))


@pytest.fixture
def reported(programme, clinician):
    import_file(Submission(table([row(1), row(2)]), programme=programme.code), mode=VALID, by=clinician)


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def ask(client, lang="en", **fields):
    return send(client, PATH.format(lang), **{"who": WHO, "programme": "", "reason": "asked"} | fields)


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_nothing_goes_before_it_was_confirmed(client, reported, lang):
    shown = ask(client, lang)
    assert shown.status_code == 200
    assert WHO in shown.text
    assert count(Episode) == 2
    done = ask(client, lang, sure="y")
    assert done.status_code == 302
    assert count(Episode) == 1


def test_known_and_unknown_are_answered_with_the_same_page(client, reported):
    def walk(who):
        first, second = ask(client, who=who), ask(client, who=who, sure="y")
        return (
            first.text.replace(who, "WHO").split("<main")[1],
            second.location,
            client.get(second.location).text.split("<h1")[0],
        )

    known, again, new = walk(WHO), walk(WHO), walk(token(77, "person"))
    strip = [tuple(part.split('name="csrf_token"')[0] for part in walked) for walked in (known, again, new)]
    assert strip[0] == strip[1] == strip[2]


@pytest.mark.parametrize("who", [NATIONAL, "Иванов Иван", "۹۹۹۰۰۰۰۰۱۸", "", "x" * 26 + "!"])
def test_what_is_no_pseudonym_is_refused_and_not_shown_again(client, reported, who, caplog):
    answer = ask(client, who=who)
    assert answer.status_code == 422
    assert "neither a pseudonym nor a case code" in answer.text
    assert not who or who not in answer.text
    assert not who or who not in caplog.text
    assert count(Tombstone) == 0


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": "because"}, {"programme": "ABCDEFGH"}])
def test_reason_and_programme_are_of_the_list(client, reported, fields):
    assert ask(client, sure="y", **fields).status_code == 422
    assert count(Episode) == 2


def test_the_pseudonym_is_in_no_address_and_no_log(client, reported, caplog):
    done = ask(client, sure="y")
    assert WHO not in done.location
    assert WHO not in caplog.text


@pytest.mark.parametrize("role", ["country_admin", "system_admin", "researcher", "member"])
def test_who_hands_in_nothing_withdraws_nobody(client, sign_in, role):
    sign_in(client, role)
    assert client.get(PATH.format("en")).status_code == 403


def test_a_clinician_of_another_centre_reaches_nobody_here(client, sign_in, reported):
    other = make_organisation("IR")
    make_programme("IR", organisation=other)
    sign_in(client, "clinician", user=make_user("clinician", organisation=other))
    assert ask(client, sure="y").status_code == 302
    assert count(Episode) == 2
