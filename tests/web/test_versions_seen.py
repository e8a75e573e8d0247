"""What everybody outside sees of a version that changes or ends: readers, followers, adopters, programs."""

import re

from factories import enter_as
from fate_world import CONCERN, HARM, later, make_follower, told
from following_world import accepted, confirmed, make_followers
from fork_world import adapt, make_organisation, make_user
from protocol_world import NOW, make_published
from translation_world import PERSIAN, STEPS, key_of, next_accepted, publish, translate_whole

from portal.protocols.services import concerns, endings
from portal.protocols.services.concerns import Reason

PAGE = "/p/PR-0001/methadone-maintenance"
BODY = "Observe the person for 2 hours after the dose."
COPIES = (
    "pdf",
    "md",
    "zip",
    "bib",
    "ris",
    "csl.json",
    "references.bib",
    "references.ris",
    "references.csl.json",
)
FILES = ("pdf", "md", "bib", "ris", "csl.json", "jsonld", "fhir.json")
OUTDATED = Reason("outdated", "Evidence has moved on.")


def part(html, section):
    """What stands under one heading of the page of a protocol."""
    found = re.search(rf'id="{section}".*?(?=<h2|</main>)', html, re.DOTALL)
    assert found, section
    return found[0]


def test_19_4_the_persian_latest_page_shows_the_changed_block_in_its_source_language_and_the_new_dose(
    world, version, client
):
    translate_whole(world, version)
    before = client.get(f"/fa{PAGE}").text
    assert '<bdi dir="ltr" class="dose">10–20\u00a0mg</bdi>' in before
    assert PERSIAN["dosing"] in before
    draft = next_accepted(world, version, "clinical", section="dosing", text="", data={"dose_max": 15})
    publish(world, draft, now=later(1))
    html = client.get(f"/fa{PAGE}").text
    doses = part(html, "dosing")
    assert '<bdi dir="ltr" class="dose">10–15\u00a0mg</bdi>' in doses
    assert "10–20" not in html
    label = doses.index("هنوز ترجمه نشده (تغییر در ۱۱ آبان ۱۴۰۵)")
    source = re.search(r'<(?:span|div) lang="en" dir="ltr">(?:<p>)?Tolerance low or uncertain\.', doses)
    assert source, doses
    assert abs(source.start() - label) < 600
    assert PERSIAN["dosing"] not in html
    for text in (STEPS[0], PERSIAN["population"], PERSIAN["monitoring"]):  # what did not change stays Persian
        assert f'<div lang="fa" dir="rtl"><p>{text}</p>' in html
    assert html.count("هنوز ترجمه نشده (تغییر") == 1
    pinned = client.get("/fa/p/PR-0001/v/1.0").text
    assert "10–20\u00a0mg" in pinned
    assert PERSIAN["dosing"] in pinned


def test_19_5_the_page_of_translators_lists_an_editorial_change_of_the_week_without_alarm(
    world, version, client
):
    translate_whole(world, version)
    import time_machine

    publish(world, next_accepted(world, version, "editorial"))
    assert told("translation_stale_clinical") == set()
    enter_as(client, world.translator)
    with time_machine.travel(later(2), tick=False):
        enter_as(client, world.translator)
        week = (
            client.get("/en/translations/work?of=fa")
            .text.partition('id="week"')[2]
            .partition("</section>")[0]
        )
    assert "PR-0001" in week
    assert "wording only" in week
    assert "clinical change" not in week


def test_19_8_retired_search_ranks_it_last_the_feed_carries_the_notice_adopters_are_told(client, app):
    followers = make_followers()
    world, version = followers.world, followers.version
    make_published(world)
    confirmed(followers)
    reporter = accepted(followers).created_by
    follower, adopter, third = (
        make_follower("PR-0001"),
        *(make_user("clinician", organisation=make_organisation("IR")) for _ in range(2)),
    )
    fork = adapt(version, adopter)
    assert fork.protocol.public_id == "PR-0003"
    endings.retire(version, OUTDATED, by=world.chiefs[0], now=later(30))
    for address in ("/en/protocols?q=methadone", "/fa/protocols?q=متادون", "/ru/protocols"):
        html = client.get(address).text
        assert html.index("/p/PR-0002/") < html.index("/p/PR-0001/"), address
    found = client.get("/api/v1/search?q=methadone").json["results"]
    assert [hit["id"] for hit in found] == ["PR-0002", "PR-0001"]
    for lang, words in (("en", "is retired. Do not begin with it"), ("ru", "PR-0001"), ("fa", "PR-0001")):
        assert words in client.get(f"/{lang}/feeds/all.atom").text.partition("<entry>")[2]
    expected = {adopter.email, follower.email, followers.clinician.email, world.author.email}
    assert expected <= told("version_retired")
    assert reporter == followers.clinician.id
    assert third.email not in told("version_retired")


def test_19_8_withdrawn_the_body_is_gone_from_html_api_oai_search_snippet_and_cached_pdf(
    world, version, client
):
    pages = [f"/{lang}{path}" for lang in ("en", "ru", "fa") for path in (PAGE, "/p/PR-0001/v/1.0")]
    key = key_of(version, "steps", 1)
    blocks = [f"/en/p/PR-0001/b/{key}"]
    copies = [f"/en/p/PR-0001/v/1.0.{ending}" for ending in COPIES] + ["/en/p/PR-0001/offline.zip"]
    files = [f"/api/v1/protocols/PR-0001/versions/1.0.{ending}" for ending in FILES]
    api = ["/api/v1/protocols/PR-0001", "/api/v1/protocols/PR-0001/versions/1.0"]
    kept = {path: client.get(path).headers["ETag"] for path in (*pages, *copies, *files, *api)}
    assert BODY in client.get(pages[0]).text
    assert "/p/PR-0001/" in client.get("/en/protocols?q=observe+hours").text
    assert "Daily <mark>methadone</mark>" in client.get("/en/protocols?q=methadone").text
    withdraw(world, version)
    for path, etag in kept.items():
        for headers in (
            {},
            {"If-None-Match": etag},
        ):  # nothing that was kept somewhere is confirmed as current
            answer = client.get(path, headers=headers)
            assert answer.status_code == 410, path
            assert BODY not in answer.text
            assert "10–20" not in answer.text
    assert BODY not in client.get(blocks[0]).text
    for search in ("/en/protocols?q=observe+hours", "/en/protocols?q=methadone", "/ru/protocols"):
        html = client.get(search).text
        assert ("/p/PR-0001/" in html, "<mark>" in html, "Daily" in html) == (False, False, False)
    assert BODY not in client.get("/en/protocols/PR-0001/history").text
    assert client.get("/api/v1/search?q=observe+hours").json["results"] == []
    assert client.get("/en/offline.zip").status_code == 404
    harvested = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    assert 'status="deleted"' in harvested
    assert "Daily methadone" not in harvested
    assert client.get("/p/PR-0001").status_code == 303
    stone = client.get(pages[0]).text
    assert "Methadone maintenance" in stone
    assert HARM.body in stone


def test_withdrawal_is_told_to_everybody_who_builds_on_the_protocol_at_any_depth(client, app):
    followers = make_followers()
    world, version = followers.world, followers.version
    confirmed(followers)
    accepted(followers)
    first, second = (make_user("clinician", organisation=make_organisation("IR")) for _ in range(2))
    fork = published_fork(world, version, first)
    adapt(fork, second, title="Methadone in villages")
    withdraw(world, version)
    assert {first.email, second.email, followers.clinician.email} <= told("version_withdrawn")
    assert followers.clinician.email in told("followed_withdrawn")


def test_a_concern_is_told_at_once_to_who_adapted_the_protocol(world, version):
    adopter = make_user("clinician", organisation=make_organisation("IR"))
    adapt(version, adopter)
    concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    assert {world.author.email, adopter.email} <= told("version_concern")


def published_fork(world, version, adopter):
    import fork_world

    fork = adapt(version, adopter)
    fork_world.details(fork, by=adopter)
    return fork_world.publish(world, fork, by=adopter)


def withdraw(world, version):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=NOW)
