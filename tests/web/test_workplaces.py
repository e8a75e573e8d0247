"""Beside what waits, everybody finds the pages where the own roles work: also on a day without tasks."""

import pytest
from factories import make_user

PLACES = {
    "clinician": ("protocols/mine", "following", "field-reports", "alerts/signals"),
    "translator": ("translations",),
    "language_reviewer": ("translations",),
    "clinical_reviewer": ("protocols/reviews", "translations"),
    "editor": ("protocols/desk", "field-reports/queue", "vocabulary/changes", "protocols/unfound"),
    "chief_editor": ("protocols/desk", "protocols/overseen"),
    "moderator": ("queue/discussion",),
    "alert_panel": ("alerts/desk",),
    "system_admin": ("admin/settings",),
}


@pytest.mark.parametrize("role", PLACES)
def test_a_role_without_tasks_is_led_to_its_working_pages(client, sign_in, role):
    sign_in(client, user=make_user(role))
    page = client.get("/en/queue").text.partition("<main")[2]
    assert "Nothing is waiting" in page
    for place in PLACES[role]:
        address = f"/en/{place}"
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", ["member", "researcher"])
def test_a_role_without_working_pages_sees_no_empty_heading(client, sign_in, role):
    sign_in(client, user=make_user(role))
    assert "Your working pages" not in client.get("/en/queue").text


def test_working_pages_of_others_are_not_named(client, sign_in):
    sign_in(client, user=make_user("translator"))
    page = client.get("/en/queue").text
    assert "/protocols/desk" not in page
    assert "/queue/discussion" not in page
