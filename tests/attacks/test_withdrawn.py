"""Attacks on what was taken back: the words of a withdrawn protocol or translation under every address."""

import io
import zipfile

import pytest
from factories import make_user
from fate_world import HARM, later
from pdf_reading import text_of
from protocol_world import NOW, make_published, make_world, translate
from translation_world import key_of, translate_whole
from web.journey import send

from portal.protocols import search
from portal.protocols.queries import memory
from portal.protocols.queries.translations import find_latest, list_releases
from portal.protocols.services import endings, releasing

WORDS = "Observe the person for 2 hours after the dose."
PERSIAN = "فرد را ۲ ساعت پس از دوز زیر نظر بگیرید."
COPIES = ("pdf", "md", "bib", "ris", "csl.json", "references.bib", "references.ris", "zip")
FORMS = ("jsonld", "fhir.json", "bib", "ris", "csl.json", "md", "pdf")
PATHS = (
    "/en/p/PR-0001", "/en/p/PR-0001/methadone-maintenance", "/fa/p/PR-0001/v/1.0", "/en/p/PR-0001/v/1.0",
    "/en/p/PR-0001/offline.zip", "/en/offline.zip", "/en/offline.zip?p=PR-0001", "/en/protocols?q=methadone",
    "/en/protocols?q=observe+the+person", "/en/protocols/PR-0001/history", "/en/protocols/PR-0001/field-reports",
    "/en/p/PR-0001/v/1.0/diff/1.0", "/en/feeds/all.atom", "/fa/feeds/translations.atom",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/api/v1/protocols", "/api/v1/protocols?q=methadone",
    "/api/v1/protocols/PR-0001", "/api/v1/protocols/PR-0001/versions/1.0", "/api/v1/protocols/PR-0001/versions",
    "/api/v1/changes", "/en/c/sub-methadone", "/en/", "/fa/",
    *(f"/en/p/PR-0001/v/1.0.{ending}" for ending in COPIES),
    *(f"/api/v1/protocols/PR-0001/versions/1.0.{form}" for form in FORMS),
)  # fmt: skip


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def version(world):
    made = make_published(world)
    translate_whole(world, made)
    releasing.publish_translation(made, "fa", by=world.language_reviewer, now=NOW)
    return made


def withdraw(world, version):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=later(1))


def words_of(answer):
    """Everything that an answer says, whatever its form."""
    if answer.mimetype == "application/pdf":
        return " ".join(text_of(answer.data))
    if answer.mimetype == "application/zip":
        packed = zipfile.ZipFile(io.BytesIO(answer.data))
        return "".join(packed.read(name).decode() for name in packed.namelist())
    return answer.text


def says(client, path, **headers):
    told = words_of(client.get(path, headers=headers, follow_redirects=True))
    return [words for words in (WORDS, PERSIAN) if words in " ".join(told.split())]


def test_before_the_withdrawal_the_addresses_do_say_it(client, version):
    assert WORDS in says(client, "/en/p/PR-0001/v/1.0")
    assert WORDS in says(client, "/en/p/PR-0001/v/1.0.md")
    assert PERSIAN in says(client, "/fa/p/PR-0001/v/1.0")


@pytest.mark.parametrize("who", ["visitor", "translator"])
def test_no_address_says_a_word_of_it_afterwards(client, sign_in, world, version, who):
    key = key_of(version, "steps", 1)
    tags = {path: client.get(path).headers.get("ETag", "") for path in PATHS if "1.0" in path}
    withdraw(world, version)
    if who != "visitor":
        sign_in(client, who)
    for path in (*PATHS, f"/en/p/PR-0001/b/{key}", "/en/translations/PR-0001/fa"):
        assert says(client, path) == [], path
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code != 304, path


def test_search_and_memory_forget_it(world, version):
    key = key_of(version, "steps", 1)
    assert any(memory.suggest([WORDS], "en", "fa")[0])
    withdraw(world, version)
    assert search.query("methadone", lang="en").total == 0
    assert memory.suggest([WORDS], "en", "fa") == [[]]
    assert memory.find_suggested(find_latest(version.protocol_id, key, "fa").id) is None


def test_a_number_in_a_button_brings_no_text_of_elsewhere(client, sign_in, world, version):
    """A translator asks for revisions by number: drafts of others, and what was withdrawn."""
    from portal.protocols.services import translations

    key, person = key_of(version, "monitoring"), make_user("translator")
    other = make_published(world)
    draft = translations.save_unit(
        other, key_of(other, "monitoring"), "fa", "پیش‌نویس", revision=0, by=world.translator, now=NOW
    )
    sign_in(client, user=person)
    bench = "/en/translations/PR-0001/fa"
    sent = send(client, f"{bench}/unit/{key}", form_at=bench, do=f"use-{draft.id}", body="", revision="1")
    assert sent.status_code == 404
    taken = find_latest(version.protocol_id, key, "fa").id
    withdraw(world, version)
    bench = "/en/translations/PR-0002/fa"
    address = f"{bench}/unit/{key_of(other, 'monitoring')}"
    assert send(client, address, form_at=bench, do=f"use-{taken}", body="", revision="1").status_code == 404


def test_a_withdrawn_translation_is_read_nowhere(client, world, version):
    releasing.withdraw_translation(
        version, "fa", "The dose reads wrong.", by=world.language_reviewer, now=NOW
    )
    assert list_releases(version.id) == {}
    for path in PATHS:
        assert PERSIAN not in says(client, path.replace("/en", "/fa", 1)), path


def test_a_text_that_was_sent_back_is_read_nowhere(client, world, version):
    from portal.protocols.services.translations import reopen_unit

    key = key_of(version, "steps", 1)
    reopen_unit(version, key, "fa", "It says the opposite.", by=world.editor, now=NOW)
    for path in PATHS:
        assert PERSIAN not in says(client, path.replace("/en", "/fa", 1)), path
    translate(world, version, key, "فرد را دو ساعت زیر نظر بگیرید.", reason="In words.")
