"""Deny by default: every route names a permission, asks for a signed-in account, or is public on purpose."""

import pytest

from portal.core.permissions import Permission, Role

# What anybody may call. A new public route is added here on purpose, or its view names a permission.
OPEN_PREFIXES = (
    "accounts.sign_in", "accounts.code", "accounts.register", "accounts.sent", "accounts.forgot", "accounts.confirm",
    "accounts.choose_password", "accounts.first", "accounts.terms", "pages.", "protocols.", "vocabulary.", "dashboards.",
    "releases.", "registry.", "api", "concept", "protocol", "permanent", "healthz", "root", "static",
)  # fmt: skip


def routes(app):
    return {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}


def test_r14_every_route_says_who_may_call_it(app):
    silent = [name for name, view in routes(app).items() if name != "static" and not _access(view)]
    assert silent == []


def test_r14_public_routes_are_listed(app):
    public = [name for name, view in routes(app).items() if _access(view) == "public"]
    assert [name for name in public if not name.startswith(OPEN_PREFIXES)] == []


def test_r14_a_route_names_a_known_permission(app):
    known = {"public", "signed-in", *Permission}
    assert {_access(view) for name, view in routes(app).items() if name != "static"} <= known


def test_r14_every_protected_page_asks_a_visitor_to_sign_in(app, client):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" not in rule.methods or _access(view) in ("public", None):
            continue
        values = {name: _sample(rule, name) for name in rule.arguments} | {"lang": "en"}
        with app.test_request_context("/"):
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        answer = client.get(path)
        assert (answer.status_code, "/sign-in?next=" in answer.location) == (302, True), path


@pytest.mark.parametrize("role", list(Role))
def test_r14_a_route_that_names_a_permission_is_closed_without_it(app, client, sign_in, role):
    from portal.core.permissions import ROLES

    sign_in(client, role)
    for rule in app.url_map.iter_rules():
        access = _access(app.view_functions[rule.endpoint])
        if "GET" not in rule.methods or access not in set(Permission) or access in ROLES[role]:
            continue
        values = {name: _sample(rule, name) for name in rule.arguments} | {"lang": "en"}
        path = app.url_map.bind("localhost").build(rule.endpoint, values)
        assert client.get(path).status_code == 403, (role, path)


def _access(view):
    return getattr(view, "__access__", None)


def _sample(rule, name):
    """A value that the converter takes."""
    converter = rule._converters[name]
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return min(converter.items)
    return 1 if kind == "IntegerConverter" else "x"
