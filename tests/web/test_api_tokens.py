"""Tokens for programs: made and revoked by their owner, and what the API does with them."""

import re
from datetime import timedelta

import pytest
from factories import make_user
from protocol_world import make_draft, make_world
from web.journey import token_of

import portal.app
from portal.accounts.models import ApiToken
from portal.accounts.queries import list_tokens
from portal.accounts.services import tokens
from portal.core.db import utcnow
from portal.core.errors import Conflict, Invalid, NotFound
from portal.extensions import db, limiter

BOTH = ("read:published", "read:own")


def new_token(user, scopes=BOTH, days=30, now=None):
    return tokens.make_token("weekly copy", scopes, days, by=user, now=now or utcnow())


def ask(client, secret, path="own/versions"):
    return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})


def test_token_opens_the_own_drafts_and_nothing_of_others(app, client):
    people = make_world()
    mine = make_draft(people)
    secret, other = new_token(people.author), new_token(people.editor)
    answer = ask(client, secret)
    assert [v["protocol"] for v in answer.json["versions"]] == [mine.protocol.public_id]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert ask(client, other).json == {"versions": []}


def test_only_the_hash_of_a_token_is_kept(app):
    user = make_user("clinician")
    secret = new_token(user)
    row = db.session.query(ApiToken).one()
    assert secret not in str([getattr(row, column.name) for column in ApiToken.__table__.columns])
    assert (secret.startswith("tex_"), len(secret) > 40, row.hint) == (True, True, secret[-4:])


def _refusals():
    now = utcnow()
    yield "expired", lambda user: new_token(user, now=now - timedelta(days=31)), "has expired"
    yield "unknown", lambda _user: "tex_nothing", "not known"

    def revoked(user):
        secret = new_token(user)
        tokens.revoke_token(list_tokens(user.id)[0].id, by=user, now=now)
        return secret

    yield "revoked", revoked, "was revoked"


@pytest.mark.parametrize(
    ("make", "words"), [(m, w) for _, m, w in _refusals()], ids=[n for n, _, _ in _refusals()]
)
@pytest.mark.parametrize("path", ["own/versions", "protocols"])
def test_a_token_that_is_no_good_is_told_what_to_do(app, client, make, words, path):
    answer = ask(client, make(make_user("clinician")), path)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert words in answer.json["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_token_of_a_closed_account_opens_nothing(app, client):
    user = make_user("clinician")
    secret = new_token(user)
    user.state = "disabled"
    db.session.commit()
    assert ask(client, secret).status_code == 401


def test_without_a_token_the_own_is_closed_and_says_how_to_open_it(app, client):
    answer = client.get("/api/v1/own/versions")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert "Tokens for programs" in answer.json["detail"]


def test_a_signed_in_browser_is_no_token(app, client, sign_in):
    sign_in(client, "clinician")
    assert client.get("/api/v1/own/versions").status_code == 401


def test_token_without_the_scope_is_refused_by_its_name(app, client):
    answer = ask(client, new_token(make_user("clinician"), ["read:published"]))
    assert answer.status_code == 403
    assert "read:own" in answer.json["detail"]


@pytest.mark.parametrize("name", ["access_token", "token", "api_key"])
def test_token_in_an_address_is_refused_even_a_good_one(app, client, name):
    answer = client.get("/api/v1/protocols", query_string={name: new_token(make_user("clinician"))})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "logs" in answer.json["detail"]


@pytest.mark.parametrize(
    "header", ["Basic eDp5", "Bearer", "Bearer ", "tex_x", "\x00", "Bearer " + "x" * 5000]
)
def test_other_ways_to_sign_in_are_refused(app, client, header):
    assert client.get("/api/v1/protocols", headers={"Authorization": header}).status_code == 401


def test_nobody_revokes_another_persons_token(app):
    owner, other = make_user("clinician"), make_user("clinician")
    new_token(owner)
    with pytest.raises(NotFound):
        tokens.revoke_token(list_tokens(owner.id)[0].id, by=other, now=utcnow())


def test_no_more_than_ten_tokens(app):
    user = make_user("clinician")
    for _ in range(10):
        new_token(user)
    with pytest.raises(Conflict):
        new_token(user)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", BOTH, 30),
        ("copy", (), 30),
        ("copy", ("write:all",), 30),
        ("copy", BOTH, 31),
        ("copy", BOTH, 9999),
    ],
)
def test_strange_tokens_are_not_made(app, name, scopes, days):
    with pytest.raises(Invalid):
        tokens.make_token(name, scopes, days, by=make_user("clinician"), now=utcnow())


def test_token_is_made_and_revoked_on_the_own_account_page(app, client, sign_in):
    user = sign_in(client, "clinician")
    assert "/en/me/tokens" in client.get("/en/me").text
    form = {"name": "weekly copy", "scopes": ["read:published"], "days": "90"}
    form["csrf_token"] = token_of(client.get("/en/me/tokens"))
    made = client.post("/en/me/tokens", data=form)
    secret = re.search(r"tex_[\w-]{43}", made.text)[0]
    assert (made.headers["Cache-Control"], ask(client, secret, "protocols").status_code) == (
        "private, no-store",
        200,
    )
    assert secret not in client.get("/en/me/tokens").text
    token = list_tokens(user.id)[0]
    client.post(f"/en/me/tokens/{token.id}/revoke", data={"csrf_token": form["csrf_token"]})
    assert ask(client, secret, "protocols").status_code == 401


@pytest.fixture
def fenced(app, config, monkeypatch):
    """The application with its limits on, which tests otherwise do without."""
    settings = portal.app.flask_settings
    monkeypatch.setattr(portal.app, "flask_settings", lambda c: settings(c) | {"RATELIMIT_ENABLED": True})
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)
    limiter.enabled = True
    application = portal.app.create_app(config)
    yield application.test_client()
    with application.app_context():
        db.engine.dispose()
    limiter.reset()


def test_too_many_requests_are_refused_with_a_time_to_wait(fenced):
    secret = new_token(make_user("clinician"))
    codes = [fenced.get("/api/v1/openapi.json").status_code for _ in range(121)]
    assert (set(codes[:120]), codes[120]) == ({200}, 429)
    answer = fenced.get("/api/v1/changes")  # one count for all resources
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert ask(fenced, secret, "concepts").status_code == 200  # a token counts for itself


def test_a_bad_token_does_not_get_around_the_limit(fenced):
    for number in range(120):
        ask(fenced, f"tex_{number}", "concepts")
    assert fenced.get("/api/v1/concepts").status_code == 429
