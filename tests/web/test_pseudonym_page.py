"""The page that makes pseudonyms and the file to save: one source, two policies, no identifier anywhere."""

import base64
import hashlib
import re

import pytest

from portal.cli.pseudonym.main import main
from portal.core.pseudonyms import page, words

LANGUAGES = ("en", "ru", "fa")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


def told(text):
    return re.search(r'<script type="application/json" id="told">(.*?)</script>', text, re.DOTALL)[1]


def body(text):
    """What people read, with neither script, style nor what only the served page has."""
    inner = re.search(r"<main>.*</main>", text, re.DOTALL)[0]
    inner = re.sub(r'<section aria-labelledby="offline-title".*?</section>', "", inner, flags=re.DOTALL)
    return re.sub(r"\s+", " ", inner).strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_served_page_allows_its_own_script_and_no_connection(client, lang):
    answer = client.get(f"/{lang}/pseudonyms")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "sandbox allow-scripts allow-downloads" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\son[a-z]+=|style=", answer.text)
    assert f'<html lang="{lang}"' in answer.text


def test_the_file_allows_its_two_parts_by_their_hashes_and_nothing_else(client):
    text = client.get("/en/pseudonyms/offline.html").text
    policy = POLICY.search(text)[1]
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        (part,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        hashed = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"{rule} 'sha256-{hashed}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src 'none'" in policy
    assert "self" not in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://", re.sub(r'"detectors":.*', "", text.split("<script")[0]))


def read(client, path):
    with client.get(path) as answer:
        return answer.text


def test_page_and_file_are_made_from_one_source(client):
    served, saved = client.get("/en/pseudonyms").text, client.get("/en/pseudonyms/offline.html").text
    assert body(served) == body(saved)
    assert told(served) == told(saved)
    scripts = re.findall(r'<script src="([^"]+)" defer>', served)
    assert [re.search(r"(\w+)[.\w]*\.js$", path)[1] for path in scripts] == [
        "making",
        "detectors",
        "tables",
        "page",
    ]
    assert (
        "".join(read(client, path) for path in scripts)
        == re.search(r"<script>(.*?)</script>", saved, re.DOTALL)[1]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_is_the_same_in_every_language_and_its_sum_is_published(client, tmp_path, lang):
    answer = client.get(f"/{lang}/pseudonyms/offline.html")
    assert answer.headers["Content-Disposition"] == "attachment; filename=pseudonyms.html"
    found = hashlib.sha256(answer.data).hexdigest()
    assert found == page.sha256()
    assert found in client.get(f"/{lang}/pseudonyms").text
    saved = tmp_path / "pseudonyms.html"
    saved.write_bytes(answer.data)
    assert main(["verify", str(saved), found]) == 0


def test_every_sentence_of_the_page_stands_in_three_languages_with_the_same_places():
    for code, texts in words.sentences("page.toml").items():
        places = [sorted(re.findall(r"\{(\w+)\}", text)) for text in texts.values()]
        assert set(texts) == set(LANGUAGES), code
        assert places[0] == places[1] == places[2], code


def test_the_page_says_nothing_that_no_file_says():
    known = words.SENTENCES | words.sentences("page.toml")
    said = set(page.SAY.findall(page.single_file())) | set(page.OWN.values()) | set(words.KINDS.values())
    assert said <= set(known)
    assert not set(words.SENTENCES) & set(words.sentences("page.toml"))
