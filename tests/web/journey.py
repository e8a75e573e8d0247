"""What tests of pages share: sending a form with its token, and the steps of signing in."""

import re
from typing import Any

from factories import PASSWORD
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.accounts.services import factor
from portal.core.db import utcnow


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"no form token on the page (status {page.status_code})"
    return found[1]


def send(client: FlaskClient, path: str, *, form_at: str = "", **fields: Any) -> TestResponse:
    """Post fields to `path` with the token of the page `form_at` (or of `path` itself)."""
    return client.post(path, data=fields | {"csrf_token": token_of(client.get(form_at or path))})


def sign_in_by_pages(client: FlaskClient, user: User, *, lang: str = "en", query: str = "") -> TestResponse:
    """Both steps, as a person does them."""
    first = send(client, f"/{lang}/sign-in{query}", email=user.email, password=PASSWORD)
    if "/sign-in/code" not in first.location:
        return first
    code = factor.current_code(user, now=utcnow())
    return send(client, first.location, code=code)
