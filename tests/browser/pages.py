"""Every page that people see: endpoint, who looks, with which values. New pages are added here.

`role` None is a visitor. `values` are keyword values of the address, or a function of the stage that gives
them. `ready` is what a page with a chart must show before it is judged. `query` follows the `?`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from browser.stage import Stage

Values = dict[str, Any] | Callable[[Stage], dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """One page as one kind of reader sees it."""

    endpoint: str
    role: str | None = None
    values: Values | None = None
    query: str = ""
    ready: str = ""
    status: int = 200

    @property
    def name(self) -> str:
        """Of its picture."""
        given = self.values if isinstance(self.values, dict) else {}
        parts = [self.endpoint.replace(".", "_"), *map(str, given.values()), self.role or "visitor"]
        return "_".join(part for part in parts if part)

    def of(self, stage: Stage) -> dict[str, Any]:
        return self.values(stage) if callable(self.values) else dict(self.values or {})


PAGES: list[Shown] = [
    Shown("pages.home"),
    Shown("pages.home", "clinician"),
    Shown("accounts.sign_in"),
    Shown("accounts.register"),
    Shown("accounts.forgot"),
    Shown("accounts.sent", values={"what": "register"}),
    Shown("accounts.sent", values={"what": "reset"}),
    Shown("accounts.confirm", values={"token": "gone"}, status=404),
    Shown("accounts.terms", "clinician"),
    Shown("accounts.me", "clinician"),
    Shown("accounts.factor", "clinician"),
    Shown("accounts.again", "clinician"),
    Shown("accounts.admin", "country_admin"),
    Shown("accounts.account", "country_admin", lambda stage: {"user_id": stage.waiting}),
    Shown("accounts.audit_log", "country_admin"),
    Shown("programmes.list_programmes", "country_admin"),
    Shown("programmes.organisation", "country_admin", lambda stage: {"organisation_id": stage.organisation}),
    Shown("programmes.new_programme", "country_admin", lambda stage: {"organisation_id": stage.organisation}),
    Shown("programmes.programme", "country_admin", lambda stage: {"programme_id": stage.programme}),
    Shown("programmes.edit_programme", "country_admin", lambda stage: {"programme_id": stage.programme}),
    Shown("moderation.queue", "country_admin"),
    Shown("moderation.queue", "clinical_reviewer"),
    Shown("vocabulary.schemes"),
    Shown("vocabulary.scheme", values={"scheme": "substance"}),
    Shown("vocabulary.concept", values={"concept_id": "int-mmt"}),
    Shown("dashboards.index"),
    Shown("dashboards.compare", "researcher", {"page": "completeness"}),
    Shown("dashboards.compare", "researcher", {"page": "retention"}),
    Shown("dashboards.compare", "clinician", {"page": "retention"}),
    Shown("dashboards.compare", "researcher", {"page": "comparison"}),
]

# Pages that need a half-finished step, or a link that works once: other tests walk there.
WALKED = {
    "accounts.code": "between password and code: test_browser_sign_in",
    "accounts.choose_password": "a link that works once: tests of accounts",
    "accounts.first": "a link that works once: tests of accounts",
    "gallery.show": "components, test_browser_gallery",
    "gallery.error": "components, test_browser_bugs",
    "gallery.progress": "answers JSON",
}
FILES = {"dashboards.download": "a file"}
