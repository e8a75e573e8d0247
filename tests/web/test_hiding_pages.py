"""Hiding in a country on the pages: two steps, the register, the page in its place, and the mark for who works on it."""

import pytest
import sqlalchemy as sa
from factories import make_user
from fork_world import adapt, details, publish
from hiding_world import FROM_RUSSIA, hide, proxied
from web.journey import send

from portal.app import StartRefused, refuse_unsafe
from portal.config import Config
from portal.extensions import db
from portal.protocols.queries.hiding import list_hidings

PAGE = "/en/p/PR-0001/methadone-maintenance"
FORM = "/en/protocols/PR-0001/hiding"
REGISTER = "/en/legal-removals"
SAID = {"country": "RU", "code": "authority_order", "reference": "Roskomnadzor 04-2/117"}


@pytest.fixture
def administrator(client, sign_in, version):
    sign_in(client, "country_admin", country="RU")
    return client


def test_two_steps_hide_it_and_two_show_it_again(administrator):
    assert FORM in administrator.get(PAGE).text
    asked = send(administrator, FORM, **SAID)
    assert asked.status_code == 200
    assert "Please check before it is hidden" in asked.text
    assert SAID["reference"] in asked.text
    assert list_hidings() == []
    done = send(administrator, FORM, **SAID, step="hide")
    assert done.location.endswith(REGISTER)
    row = list_hidings()[0]
    lift = f"/en/protocols/hiding/{row.id}/lift"
    assert lift in administrator.get(FORM).text
    assert "Readers of this country get the protocol again" in administrator.get(lift).text
    assert row.lifted_at is None
    assert send(administrator, lift).location.endswith(REGISTER)
    db.session.refresh(row)
    assert row.lifted_at is not None


def test_a_country_of_others_is_not_offered_and_not_taken(administrator):
    assert 'value="IR"' not in administrator.get(FORM).text
    refused = send(administrator, FORM, **(SAID | {"country": "IR"}), step="hide")
    assert refused.status_code == 422
    assert list_hidings() == []


def test_who_runs_the_machine_hides_in_each_country(client, sign_in, version):
    sign_in(client, "system_admin")
    page = client.get(FORM).text
    assert 'value="IR"' in page
    assert 'value="RU"' in page


@pytest.mark.parametrize("reference", ["", "Patient, SNILS 112-233-445 95"])
def test_the_second_step_is_not_reached_without_a_paper_that_names_nobody(administrator, reference):
    refused = send(administrator, FORM, **(SAID | {"reference": reference}), step="hide")
    assert refused.status_code == 422
    assert list_hidings() == []


@pytest.mark.parametrize("role", ["member", "clinician", "editor", "chief_editor", "moderator"])
def test_nobody_else_finds_the_form(client, sign_in, version, role):
    row = hide(version, "IR")
    sign_in(client, role, country="RU")
    assert FORM not in client.get(PAGE).text
    assert client.get(FORM).status_code == 404
    assert client.get(f"/en/protocols/hiding/{row.id}/lift").status_code == 404


def test_what_was_never_shown_has_no_form(administrator, draft):
    assert administrator.get(f"/en/protocols/{draft.protocol.public_id}/hiding").status_code == 404


def test_the_page_says_whether_visitors_are_covered(app, administrator):
    uncovered = "this installation is not told from which country they come"
    assert uncovered in send(administrator, FORM, **SAID).text
    assert "to them nothing is hidden" in administrator.get(REGISTER).text
    with proxied(app):
        assert uncovered not in send(administrator, FORM, **SAID).text
        assert "to them nothing is hidden" not in administrator.get(REGISTER).text


def test_the_register_tells_what_where_and_since_when_without_the_content(client, version):
    before = client.get(REGISTER).text
    assert "Nothing was hidden so far" in before
    hide(version)
    page = client.get(REGISTER).text.partition("<main")[2]
    for told in ("PR-0001", "Russia", "A demand of an authority", "Roskomnadzor 04-2/117", "2026"):
        assert told in page
    assert "Methadone" not in page
    assert "Daily" not in page


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "Not shown in Russia"), ("ru", "PR-0001"), ("fa", "PR-0001")]
)
def test_the_page_in_its_place_speaks_the_readers_language(app, client, version, lang, told):
    hide(version)
    with proxied(app):
        answer = client.get(f"/{lang}/p/PR-0001/v/1.0", headers=FROM_RUSSIA)
    assert answer.status_code == 451
    assert f'lang="{lang}"' in answer.text
    assert told in answer.text
    assert f"/{lang}/legal-removals" in answer.text


def test_who_works_on_it_reads_it_with_a_mark_and_others_see_none(client, sign_in, world, version):
    hide(version)
    mark = "are not shown this protocol for legal reasons"
    assert mark not in client.get(PAGE).text
    sign_in(client, user=world.editor)
    for path in (PAGE, "/en/protocols/PR-0001/history", "/en/p/PR-0001/v/1.0"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert mark in answer.text, path


def test_the_history_tells_everybody_the_day(client, version):
    hide(version)
    page = client.get("/en/protocols/PR-0001/history").text
    assert "Hidden in a country for a legal reason: Russia" in page


def test_a_token_reads_as_its_owner(client, world, version):
    from portal.accounts.services.tokens import make_token
    from portal.core.db import utcnow

    hide(version)
    address = "/api/v1/protocols/PR-0001"
    found = []
    for person in (world.editor, make_user("clinician", country="RU"), make_user("clinician", country="IR")):
        secret = make_token("reading", ("read:own",), 30, by=person, now=utcnow())
        found.append(client.get(address, headers={"Authorization": f"Bearer {secret}"}).status_code)
    assert found == [200, 451, 200]


def test_several_copies_at_once_leave_out_the_hidden_one(app, client, world, version):
    from protocol_world import make_published

    other = make_published(world)
    hide(version)
    both = f"/en/offline.zip?p=PR-0001&p={other.protocol.public_id}"
    with proxied(app):
        assert client.get(both, headers=FROM_RUSSIA).status_code == 200
        assert client.get("/en/offline.zip?p=PR-0001", headers=FROM_RUSSIA).status_code == 451


def test_pages_cost_one_query_more_where_a_country_is_known(app, client, world, version):
    from protocol_world import make_published

    hide(make_published(world))
    counts = []

    def note(_connection, _cursor, statement, *_rest):
        counts[-1] += "SELECT" in statement

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        with proxied(app):
            for path in ("/en/protocols?q=methadone", "/en/p/PR-0001/v/1.0?x=1"):
                for headers in ({}, {}, FROM_RUSSIA):
                    counts.append(0)
                    assert client.get(path, headers=headers).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert counts[2] - counts[1] == 1
    assert counts[5] - counts[4] == 1


def test_a_header_without_a_proxy_is_refused_at_the_start(config):
    with pytest.raises(StartRefused, match="PORTAL_COUNTRY_HEADER"):
        refuse_unsafe(config.model_copy(update={"country_header": "X-Country"}))
    refuse_unsafe(config.model_copy(update={"country_header": "X-Country", "proxy_hops": 1}))
    with pytest.raises(ValueError, match="country_header"):
        Config(country_header="X Country: RU")


def test_an_adopter_is_not_shown_what_a_hidden_parent_changed(client, sign_in, world, version):
    from factories import make_organisation

    adopter = make_user("clinician", country="RU", organisation=make_organisation("RU"))
    draft = adapt(version, adopter)
    details(draft, by=adopter, change_type="initial")
    publish(world, draft, by=adopter)
    hide(version)
    sign_in(client, user=adopter)
    assert client.get(f"/en/protocols/{draft.protocol.public_id}/parent").status_code == 451
    assert client.get(f"/en/p/{draft.protocol.public_id}/v/1.0").status_code == 200
