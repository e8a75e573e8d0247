"""Attacks on free text about accounts: names and numbers of people neither reach the tables nor the audit."""

import pytest
import sqlalchemy as sa
from factories import make_user
from web.journey import send, sign_in_by_pages
from web.test_accounts_pages import PERSON, waiting_person

from portal.accounts.models import FactorReset, User
from portal.accounts.services import accounts, profile, registration
from portal.accounts.services.accounts import NewAccount
from portal.accounts.services.registration import Registration
from portal.core.audit import AuditEvent
from portal.core.db import utcnow
from portal.core.errors import Invalid
from portal.core.jobs import Job
from portal.extensions import db

SNILS = "112-233-445 95"
TEXTS = [
    f"СНИЛС {SNILS}",
    "Петров Сергей Иванович",
    "call him on 09121234567",
    "mail petrov@example.org",
    "آقای رضایی",
]


def count(table):
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


@pytest.mark.parametrize("text", TEXTS)
def test_the_reason_of_a_refusal_names_nobody(client, sign_in, text):
    person = waiting_person()
    sign_in(client, "country_admin")
    path = f"/en/admin/accounts/{person.id}"
    answer = send(client, f"{path}/refuse", form_at=path, reason=text)
    assert answer.status_code == 422
    assert "this text is kept for good" in answer.text
    with pytest.raises(Invalid, match="text_identifies"):
        accounts.refuse(person, text, by=make_user("country_admin"), now=utcnow())
    assert not db.session.scalars(sa.select(AuditEvent).where(AuditEvent.reason_text != "")).all()


def test_how_a_person_was_recognised_is_chosen_from_a_list(client, sign_in):
    sign_in(client, "country_admin")
    person = make_user("clinician")
    path = f"/en/admin/accounts/{person.id}"
    for text in (*TEXTS, "other", ""):
        assert send(client, f"{path}/lost-factor", form_at=path, proofing=text).status_code == 422
    assert count(FactorReset) == 0


@pytest.mark.parametrize("text", TEXTS)
def test_the_reason_of_a_registration_names_nobody(client, text):
    assert send(client, "/en/register", **PERSON | {"reason": f"asked by {text}"}).status_code == 422
    with pytest.raises(Invalid, match="text_identifies"):
        registration.ask_registration(Registration(**PERSON | {"reason": text}))
    assert count(Job) == 0


@pytest.mark.parametrize("field", ["name", "affiliation"])
def test_name_and_place_of_work_hold_no_number_of_a_person(client, field):
    text = f"Clinic {SNILS}"
    assert send(client, "/en/register", **PERSON | {field: text}).status_code == 422
    with pytest.raises(Invalid, match="text_identifies"):
        registration.ask_registration(Registration(**PERSON | {field: text}))
    with pytest.raises(Invalid, match="text_identifies"):
        accounts.create_account(
            NewAccount(**{"email": "x@example.org", "name": "X", "country": "IR"} | {field: text}),
            by=make_user("country_admin"), now=utcnow(),
        )  # fmt: skip
    user = make_user("member", totp_secret=None)
    values = {"name": "X", "affiliation": "", field: text}
    with pytest.raises(Invalid, match="text_identifies"):
        profile.change_profile(user, values["name"], values["affiliation"], "en", by=user)
    sign_in_by_pages(client, user)
    assert send(client, "/en/me", language="en", **values).status_code == 422
    assert SNILS not in " ".join(db.session.scalars(sa.select(User.affiliation + User.name)).all())


@pytest.mark.parametrize(
    "name", ["Иванов Иван Иванович", "ФГБУ им. В. П. Сербского", "بیمارستان روزبه", "Clinic No. 17"]
)
def test_own_names_and_places_of_work_are_taken(client, name):
    answer = send(client, "/en/register", **PERSON | {"name": name, "affiliation": name})
    assert answer.location == "/en/sent/register"
