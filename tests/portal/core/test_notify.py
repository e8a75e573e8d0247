"""Mail as plain text: lines and tokens keep their direction, addresses stay bare."""

import pytest

from portal.core.notify import compose, directed


def test_persian_lines_are_isolated_and_tokens_inside_them():
    assert directed("دوز ⟦2–4 mg⟧ است", "fa") == "\u2067دوز \u20662–4 mg\u2069 است\u2069"


def test_russian_lines_isolate_only_tokens():
    assert directed("доза ⟦2–4 мг⟧", "ru") == "доза \u20662–4 мг\u2069"


def test_an_address_stays_bare_so_that_mail_programs_link_it():
    assert directed("متن\n\nhttp://localhost:8000/fa/me", "fa").endswith("\n\nhttp://localhost:8000/fa/me")


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_every_mail_closes_with_who_sent_it(app, language):
    body = compose("a@example.org", language, "new_device", {}).get_body(("plain",)).get_content()
    assert "\n--\n" in body
    assert body.count("\u2067") == body.count("\u2069")


def test_a_mail_of_a_demonstration_says_so(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMONSTRATION", value=True)
    assert "SYNTHETIC" in compose("a@example.org", "en", "new_device", {}).get_body(("plain",)).get_content()
