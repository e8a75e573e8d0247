"""Adapting a protocol from its page to the public adaptation, without a script."""

import re

import pytest
from factories import make_organisation, make_user
from fork_world import WHY, adapt, block_of, details, make_adopted, publish, publish_next, save, set_state
from protocol_world import NOW

from portal.protocols import licences
from portal.protocols.forms import labels
from portal.protocols.queries.forks import find_adaptation
from portal.protocols.queries.versions import find_open, list_references


@pytest.fixture
def adopted(app):
    return make_adopted()


@pytest.fixture
def adopter(adopted, client, sign_in):
    return sign_in(client, user=adopted.adopter)


def send(client, path, **fields):
    """Post a form with the token of the page that holds it."""
    page = client.get(re.sub(r"/\d+/[^/]+/(take|ignore|later)$", "", path)).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    return client.post(path, data={"csrf_token": token, **fields})


def test_a_clinician_adapts_a_protocol_from_its_page(adopted, client, sign_in):
    clinic = make_organisation("RU", name="Клиника")
    person = make_user("clinician", country="RU", organisation=clinic)
    sign_in(client, user=person)
    assert "/en/protocols/PR-0001/adapt" in client.get("/en/p/PR-0001/methadone-maintenance").text
    answer = send(
        client, "/en/protocols/PR-0001/adapt", title="Methadone in Russia", reason="The law differs.", country="RU",
        organisation=str(clinic.id),
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (302, "/en/protocols/PR-0003/parent")
    first = client.get(answer.location).text
    assert "Your adaptation says what its parent says" in first
    assert "Nothing differs yet" in first


def test_what_is_wrong_with_an_adaptation_is_said_beside_the_field(adopted, client, adopter):
    answer = send(
        client, "/en/protocols/PR-0001/adapt", title="Methadone maintenance", reason="", country="IR"
    )
    assert answer.status_code == 422
    answer = send(
        client, "/en/protocols/PR-0001/adapt", title="Methadone maintenance", reason=WHY, country="IR"
    )
    assert "Give the adaptation a title of its own." in answer.text


def test_the_three_states_stand_side_by_side(adopted, client, adopter):
    save(adopted.draft, "resources", by=adopter, text="One nurse.")
    publish_next(adopted, resources="Two physicians.", dose_max="30")
    page = client.get("/en/protocols/PR-0002/parent").text
    for part in ("The parent has 2 changes for you to decide about", "both changed it", "Parent then", "Parent now",
                 "Yours", "One", "physicians"):  # fmt: skip
        assert part in page


SAID = {"take": "Taken over into your draft.", "ignore": "Not taken over.", "later": "stays in this list"}


@pytest.mark.parametrize("what", ["take", "ignore", "later"])
def test_each_change_is_taken_ignored_or_put_off(adopted, client, adopter, what):
    now = publish_next(adopted, resources="Two physicians.")
    key = block_of(now, "resources").block_key
    answer = send(client, f"/en/protocols/PR-0002/parent/{now.id}/{key}/{what}", reason="We have one.")
    assert (answer.status_code, answer.location) == (302, "/en/protocols/PR-0002/parent")
    assert SAID[what] in client.get(answer.location).text
    taken = block_of(find_open(adopted.fork.id), "resources").source_text == "Two physicians."
    assert (taken, len(find_adaptation(adopted.fork).news)) == (what == "take", 1 if what == "later" else 0)


def test_ignoring_without_a_reason_keeps_what_was_typed_and_says_why(adopted, client, adopter):
    now = publish_next(adopted, resources="Two physicians.")
    key = block_of(now, "resources").block_key
    answer = send(client, f"/en/protocols/PR-0002/parent/{now.id}/{key}/ignore", reason="")
    assert answer.status_code == 422
    assert f'id="reason-{key}"' in answer.text


def test_news_wait_in_the_queue_of_the_owner(adopted, client, adopter):
    assert "Changes of a protocol that you adapted" not in client.get("/en/queue").text
    publish_next(adopted, resources="Two physicians.")
    page = client.get("/en/queue").text
    assert "Changes of a protocol that you adapted" in page
    assert "/en/protocols/PR-0002/parent" in page


def test_an_adaptation_of_others_does_not_exist(adopted, client, sign_in):
    sign_in(client, user=adopted.world.author)
    assert client.get("/en/protocols/PR-0002/parent").status_code == 404
    assert client.get("/en/protocols/PR-0001/parent").status_code == 404


def test_answers_are_written_and_read(adopted, client, adopter):
    path = f"/en/protocols/drafts/{adopted.draft.id}/reasons"
    assert send(client, path, harms="Fewer deaths.").status_code == 302
    assert "Fewer deaths." in client.get(path).text
    details(adopted.draft, by=adopter)
    publish(adopted.world, adopted.draft, by=adopter)
    page = client.get("/en/p/PR-0002/methadone-maintenance-in-small-centres").text
    for part in ("Why it differs here", WHY, "Fewer deaths.", "Adapted from"):
        assert part in page


def test_the_parents_page_lists_its_adaptations_with_what_differs(adopted, client):
    save(adopted.draft, "dosing", by=adopted.adopter, dose_max=15)
    details(adopted.draft, by=adopted.adopter)
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    page = client.get("/en/p/PR-0001/methadone-maintenance").text
    for part in (
        "Adaptations of this protocol",
        "adapted in Iran",
        "Doses: 1 change",
        "/en/p/PR-0002/v/1.0/parent",
    ):
        assert part in page
    compared = client.get("/en/p/PR-0002/v/1.0/parent").text
    assert "10–15" in compared


def test_a_withdrawn_parent_marks_the_adaptation_until_its_authors_answer(adopted, client, sign_in):
    details(adopted.draft, by=adopted.adopter)
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    set_state(adopted.parent, "withdrawn")
    address = "/en/p/PR-0002/methadone-maintenance-in-small-centres"
    assert "have not yet said whether it still holds" in client.get(address).text
    assert client.get("/en/p/PR-0002/v/1.0/parent").status_code == 404
    sign_in(client, user=adopted.adopter)
    send(client, "/en/protocols/PR-0002/parent/withdrawal", reason="The faulty step was left out.")
    page = client.get(address).text
    assert "was withdrawn" in page
    assert "The faulty step was left out." in page


def test_a_licence_that_does_not_fit_is_said_while_one_writes(adopted, client, adopter):
    path = f"/en/protocols/drafts/{adopted.draft.id}/references"
    answer = send(
        client, path, key="NICE", cite="NICE guideline", url="https://example.org/nice", quotation="adapted_text",
        licence="all-rights-reserved",
    )  # fmt: skip
    assert answer.status_code == 302
    assert "Text may not be taken over from NICE without permission" in client.get(path).text
    assert [row.key for row in list_references(adopted.draft.id)] == ["WHO", "NICE"]


def test_a_draft_says_that_its_licence_is_wider_than_the_parents(app, client, sign_in):
    from protocol_world import bring_to, make_draft, make_world

    world = make_world()
    parent = make_draft(world)
    details(parent, by=world.author, licence="CC-BY-SA-4.0")
    bring_to(world, parent, "published")
    person = make_user("clinician", organisation=make_organisation("IR"))
    fork = adapt(parent, person)
    details(fork, by=person, licence="CC-BY-4.0")
    sign_in(client, user=person)
    page = client.get(f"/en/protocols/drafts/{fork.id}").text
    assert "Text taken over from PR-0001 1.0 needs one of these licences: CC-BY-SA-4.0." in page


def test_the_notice_of_a_translated_un_work_is_printed(adopted, client):
    from portal.protocols.services import blocks
    from portal.protocols.services.blocks import ReferenceText

    work = ReferenceText("UNODC", "Standards", url="https://example.org", quotation="translated_text",
                         licence="CC-BY-NC-SA-3.0-IGO")  # fmt: skip
    blocks.add_reference(adopted.draft, work, by=adopted.adopter, now=NOW)
    details(adopted.draft, by=adopted.adopter, licence="CC-BY-NC-SA-4.0")
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    page = client.get("/en/p/PR-0002/v/1.0").text
    assert page.count("This translation was not created by the United Nations") == 1
    assert str(labels.UN_NOTICE) == licences.UN_NOTICE
