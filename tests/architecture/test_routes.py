"""Deny by default: every route names a permission, asks for a signed-in account, or is public on purpose."""

import pytest

from portal.core.permissions import Permission, Role

# What anybody may call. A new public route is added here on purpose, or its view names a permission.
PUBLIC = {
    # sign-in and what comes before an account
    "accounts.sign_in", "accounts.code", "accounts.register", "accounts.sent", "accounts.forgot", "accounts.confirm",
    "accounts.choose_password", "accounts.first", "accounts.terms",
    # a sealed link in a mail ends those mails
    "accounts.unsubscribe", "accounts.end_mails",
    # knowledge: published protocols and the vocabulary
    "pages.home", "pages.protocol", "pages.protocol_version", "pages.without_slug", "pages.concept", "permanent",
    "pages.programme", "protocols.field_reports", "protocols.field_report",
    "pages.protocol_copy", "pages.offline_protocol", "pages.offline_protocols",
    "pages.interfaces", "pages.removals",
    # pseudonyms are made in the browser, and the licence register is no secret
    "pages.pseudonyms", "pages.pseudonyms_file", "instruments.instruments", "instruments.instrument",
    # what a record of the registry may hold and by which rules it is judged: no record is there
    "codebook.book", "codebook.version_book", "codebook.table", "codebook.schema", "codebook.rules",
    "codebook.rules_json",
    "protocols.list_protocols", "protocols.history", "vocabulary.schemes", "vocabulary.scheme", "concept",
    # collections that were published
    "collections.collections", "collections.collection",
    # early warnings that were issued
    "alerts.alerts", "alerts.alert", "alerts.alert_changes", "alerts.alert_report", "alerts.alert_json",
    "protocols.compare_versions", "protocols.compare_with_parent",
    "protocols.choose_versions", "pages.block",
    # figures: the noisy tables of released editions, never a single programme
    "dashboards.index",
    # the machine
    "healthz", "root", "static",
}  # fmt: skip
OPEN_PREFIXES = ("api", "feeds")
# Features in which nothing at all is open: people's data, and the release of it.
CLOSED = ("registry.", "releases.", "programmes.", "moderation.")


def routes(app):
    return {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}


def test_r14_every_route_says_who_may_call_it(app):
    silent = [name for name, view in routes(app).items() if name != "static" and not _access(view)]
    assert silent == []


def test_r14_public_routes_are_listed(app):
    public = [name for name, view in routes(app).items() if _access(view) == "public"]
    assert [name for name in public if name not in PUBLIC and not name.startswith(OPEN_PREFIXES)] == []


def test_r14_the_list_of_public_routes_names_existing_ones(app):
    open_now = {name for name, view in routes(app).items() if _access(view) == "public"} | {"static"}
    assert PUBLIC - open_now == set()


def test_r14_nothing_of_the_registry_and_of_releases_is_public(app):
    found = {name: _access(view) for name, view in routes(app).items() if name.startswith(CLOSED)}
    assert [name for name, access in found.items() if access in ("public", None)] == []
    assert {name.split(".")[0] + "." for name in found} == set(CLOSED)


def test_r14_a_route_names_a_known_permission(app):
    known = {"public", "signed-in", "token", *Permission}
    assert {_access(view) for name, view in routes(app).items() if name != "static"} <= known


def test_r14_every_protected_page_asks_a_visitor_to_sign_in(app, client):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" not in rule.methods or _access(view) in ("public", "token", None):
            continue
        values = {name: _sample(rule, name) for name in rule.arguments} | {"lang": "en"}
        with app.test_request_context("/"):
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        answer = client.get(path)
        assert (answer.status_code, "/sign-in?next=" in answer.location) == (302, True), path


def test_r14_what_a_token_opens_is_closed_without_one(app, client):
    found = [(r, p) for r, p in _paths(app) if _access(app.view_functions[r.endpoint]) == "token"]
    assert found
    for rule, path in found:
        answer = client.open(path, method="GET" if "GET" in rule.methods else "POST", json={})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), path


@pytest.fixture
def no_form_token(app, monkeypatch):
    """Without the token against forged requests in the way, the guard itself has to refuse."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # noqa: FBT003 # a setting


@pytest.mark.usefixtures("no_form_token")
def test_r14_every_protected_act_asks_a_visitor_to_sign_in(app, client):
    for rule, path in _paths(app):
        for method in {"POST", "PUT", "PATCH", "DELETE"} & rule.methods:
            if _access(app.view_functions[rule.endpoint]) in ("public", "token", None):
                continue
            answer = client.open(path, method=method)
            assert (answer.status_code, "/sign-in?next=" in answer.location) == (302, True), (method, path)


@pytest.mark.usefixtures("no_form_token")
@pytest.mark.parametrize("role", list(Role))
def test_r14_an_act_that_names_a_permission_is_closed_without_it(app, client, sign_in, role):
    from portal.core.permissions import ROLES

    sign_in(client, role)
    for rule, path in _paths(app):
        access = _access(app.view_functions[rule.endpoint])
        if access not in set(Permission) or access in ROLES[role]:
            continue
        for method in {"POST", "PUT", "PATCH", "DELETE"} & rule.methods:
            assert client.open(path, method=method).status_code == 403, (role, method, path)


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


def _paths(app):
    """Every rule with an address that it takes."""
    for rule in app.url_map.iter_rules():
        values = {name: _sample(rule, name) for name in rule.arguments} | {"lang": "en"}
        yield rule, app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods))


def _access(view):
    return getattr(view, "__access__", None)


def _sample(rule, name):
    """A value that the converter takes."""
    converter = rule._converters[name]
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return min(converter.items)
    return 1 if kind == "IntegerConverter" else "x"
