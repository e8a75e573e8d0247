"""The table of notices: every kind has words in three languages, and everything that is told has a row."""

import re

import pytest
from factories import make_user
from notice_world import VALUES, text_of

from portal.accounts.services import notices
from portal.accounts.views.notice_words import GROUP_NAMES, KIND_NAMES
from portal.config import ROOT
from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.notify import compose, notify, post_digest, words
from portal.core.notify.kinds import BY_KEY, KINDS, Group, choosable
from portal.extensions import db

TEMPLATES = ROOT / "portal" / "templates" / "email"
# What people are told, each by the kind that tells it.
TABLE = {
    "review": {
        "invited": "review_invited", "reminder": "review_reminder", "closed": "review_closed",
    },
    "version": {
        "changes_requested": "changes_requested", "accepted": "protocol_accepted", "published": "version_published",
        "concern": "version_concern", "retired": "version_retired", "withdrawn": "version_withdrawn",
        "currency_due": "currency_due",
    },
    "fork": {"parent_changed": "fork_parent_changed"},
    "translation": {
        "needs_review": "translation_needs_review", "returned": "translation_returned",
        "stale_clinical": "translation_stale_clinical", "published": "translation_published",
    },
    "unit": {"complaint": "translation_reopened"},
    "comment": {"reply": "comment_reply", "mention": "comment_mention"},
    "flag": {"decided": "flag_decided"},
    "field_report": {"accepted": "field_report_accepted", "incident": "field_report_incident"},
    "outcome": {"linked": "outcome_linked"},
    "legal": {"expiring": "legal_expiring", "changed": "legal_changed"},
    "alert": {"issued": "alert_issued", "updated": "alert_updated", "retracted": "alert_retracted"},
    "role": {"granted": "role_granted", "revoked": "role_revoked"},
    "sanction": {"issued": "sanction_issued"},
    "appeal": {"decided": "appeal_decided"},
    "declaration": {
        "confirmed": "declaration_confirmed", "refused": "declaration_refused", "questioned": "declaration_questioned",
    },
    "followed": {
        "version_changed": "followed_version_changed", "concern": "followed_concern", "withdrawn": "followed_withdrawn",
    },
    "edition": {"published": "edition_published"},
}  # fmt: skip
TOLD = [(group, name, key) for group, names in TABLE.items() for name, key in names.items()]
AT_ONCE = {
    "version_concern", "version_withdrawn", "translation_stale_clinical", "alert_issued", "alert_updated",
    "alert_retracted", "followed_concern", "followed_withdrawn", "review_invited", "review_reminder",
}  # fmt: skip
CALL = re.compile(r'\bnotify\([^"\n()]*?"(\w+)"[,)]')
FOLLOWERS = re.compile(r'tell_followers\(.*?\), "(\w+)"')
PLACEHOLDER = re.compile(r"%\(|\{\{|\{%|⟦|⟧|None(?! of)|Undefined")


def in_words(key, language):
    letter = compose("a@example.org", language, key, VALUES)
    return letter["Subject"], text_of(letter)


@pytest.mark.parametrize(("group", "name", "key"), TOLD, ids=[f"{group}.{name}" for group, name, _ in TOLD])
def test_19_12_every_notification_of_the_table_has_three_templates_and_is_logged(app, group, name, key):
    subjects = {in_words(key, language) for language in ("en", "ru", "fa")}
    assert len(subjects) == 3
    person = make_user("clinician", language="fa")
    values = {name: value for name, value in VALUES.items() if name != "items"}
    notice = bookkeeping(notify)(person, key, values)
    if key in AT_ONCE:
        assert notice.rhythm == "at_once"
    if notice.mail_state == "waiting":  # for the digest of the day or the week
        bookkeeping(post_digest)(person, [notice], notice.rhythm)
    jobs.run_until_idle(("mail",))
    db.session.expire_all()
    assert (notice.mail_state, notice.mailed_at is not None, notice.read_at) == ("sent", True, None)
    notices.mark_read(notice.id, by=person, now=utcnow())
    assert notice.read_at is not None


def test_no_key_stands_twice():
    assert len(BY_KEY) == len(KINDS)


def test_every_template_is_a_kind_and_every_kind_has_a_template():
    written = {path.stem for path in TEMPLATES.glob("[!_]*.txt")} - {"digest"}
    assert written == set(BY_KEY)


def test_every_kind_that_can_be_chosen_has_a_name_and_a_heading():
    assert {kind.key for kind in choosable()} - set(KIND_NAMES) == set()
    assert set(GROUP_NAMES) == set(Group)


def test_what_is_told_anywhere_in_the_product_is_in_the_table():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "portal").rglob("services/**/*.py")]
    told = {key for text in sources for key in CALL.findall(text)}
    assert told
    assert told - set(BY_KEY) == set()


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", [*sorted(BY_KEY), "digest"])
def test_every_notification_of_the_table_has_words_in_three_languages(app, key, language):
    subject, body = in_words(key, language)
    assert subject.strip()
    assert len(body.split("\n--\n")[0].strip("\u2066\u2067\u2069 \n")) > 10
    assert not PLACEHOLDER.search(subject + body)


@pytest.mark.parametrize("language", ["ru", "fa"])
@pytest.mark.parametrize("key", [*sorted(BY_KEY), "digest"])
def test_no_notification_speaks_english_to_a_reader_of_another_language(app, key, language):
    text = re.sub(r"http://\S+|PR-0001|a1b2c3\S+|Treatment Exchange", "", " ".join(in_words(key, language)))
    assert re.findall(r"[A-Za-z]{4,}", text) == []


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", sorted(kind.key for kind in KINDS if kind.site))
def test_no_notice_of_the_centre_ends_in_a_colon_without_what_it_announces(app, key, language):
    lines = words(key, VALUES, language).lines  # as the centre shows them: without addresses
    assert not [line for line in lines[-1:] if line.rstrip().endswith((":", "："))]


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", sorted(BY_KEY))
def test_a_letter_is_text_and_html_that_follow_nobody(app, key, language):
    letter = compose("a@example.org", language, key, VALUES)
    html = letter.get_body(("html",)).get_content()
    assert letter.get_content_type() == "multipart/alternative"
    assert f'lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}"' in html
    assert not re.search(r"<img|<script|style|src=|@import", html)
    assert letter["Content-Language"] == language
