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
    called: str = ""

    @property
    def name(self) -> str:
        """Of its picture."""
        given = self.values if isinstance(self.values, dict) else {}
        parts = [
            self.endpoint.replace(".", "_"),
            *map(str, given.values()),
            self.called,
            self.role or "visitor",
        ]
        return "_".join(part for part in parts if part)

    def of(self, stage: Stage) -> dict[str, Any]:
        return self.values(stage) if callable(self.values) else dict(self.values or {})


def _of(**names: str) -> Callable[[Stage], dict[str, Any]]:
    """Values taken from the stage by name."""
    return lambda stage: {argument: stage.more[name] for argument, name in names.items()}


PROTOCOL = _of(public_id="public_id")
DRAFT = _of(version_id="draft")

PROTOCOLS: list[Shown] = [
    Shown("protocols.list_protocols"),
    Shown("protocols.list_protocols", "clinician", query="q=methadone"),
    Shown("protocols.list_protocols", "researcher", query="q=zzzz"),
    Shown("pages.protocol", values=_of(public_id="public_id", slug="slug")),
    Shown(
        "pages.protocol_version", values=lambda stage: {"public_id": stage.more["public_id"], "number": "1.0"}
    ),
    Shown("protocols.history", values=PROTOCOL),
    Shown("protocols.my_work", "author"),
    Shown("protocols.new_protocol", "author"),
    Shown("protocols.draft", "author", DRAFT),
    Shown("protocols.details", "author", DRAFT),
    Shown("protocols.keywords", "author", DRAFT),
    Shown("protocols.references", "author", DRAFT),
    Shown("protocols.new_block", "author", DRAFT, query="section=steps"),
    Shown("protocols.new_block", "clinician", DRAFT, status=404),
    Shown("protocols.edit_block", "author", _of(version_id="draft", key="block")),
    Shown("protocols.take_back", "author", _of(version_id="review")),
    Shown("protocols.new_version", "author", PROTOCOL),
    Shown("protocols.desk", "its_editor"),
    Shown("protocols.desk", "clinician", status=403),
    Shown("protocols.decide", "its_editor", _of(version_id="review")),
    Shown(
        "protocols.decide_with_reason",
        "its_editor",
        lambda stage: {"version_id": stage.more["review"], "what": "changes"},
    ),
    Shown(
        "protocols.legal_status",
        "its_editor",
        lambda stage: {"public_id": stage.more["public_id"], "country": "RU"},
    ),
    Shown("protocols.my_reviews", "reviewer"),
    Shown("protocols.review", "reviewer", _of(assignment_id="waiting_review")),
    Shown("protocols.interests", "reviewer", _of(assignment_id="waiting_review")),
    Shown("protocols.matrix", "translator"),
    Shown(
        "protocols.translation",
        "translator",
        lambda stage: {"public_id": stage.more["public_id"], "target": "fa"},
    ),
]

POST = _of(post_id="own_post")
DISCUSSION: list[Shown] = [
    Shown("discussion.threads", "clinician"),
    Shown("discussion.threads", "fined", query="kind=dispute", called="empty"),
    Shown("discussion.cases", "clinician"),
    Shown("discussion.thread", "clinician", _of(thread_id="thread")),
    Shown("discussion.thread", "fined", _of(thread_id="thread")),
    Shown("discussion.thread", "clinician", _of(thread_id="case"), called="case"),
    Shown("discussion.new_thread", "clinician", query="protocol=PR-0001"),
    Shown("discussion.new_case", "clinician"),
    Shown("discussion.follow_up", "clinician", _of(thread_id="case")),
    Shown("discussion.edit_post", "clinician", POST),
    Shown("discussion.post_history", "clinician", POST),
    Shown("discussion.delete_post", "clinician", POST),
    Shown("discussion.flag_post", "clinician", _of(post_id="other_post")),
    Shown("discussion.appeal_post", "clinician", _of(post_id="removed")),
    Shown("discussion.appeal_sanction", "fined", _of(sanction_id="sanction")),
    Shown("discussion.mine", "clinician"),
    Shown("discussion.mine", "fined"),
    Shown("moderation.discussion", "moderator"),
    Shown("moderation.sanction", "moderator", _of(user_id="fined")),
]

EPISODE = _of(number="episode")
REGISTRY: list[Shown] = [
    Shown("registry.my_programme", "clinician"),
    Shown("registry.my_programme", "researcher"),
    Shown("registry.admit", "clinician", _of(code="code")),
    Shown("registry.episode", "clinician", EPISODE),
    *(
        Shown(
            "registry.change_episode",
            "clinician",
            lambda stage, what=what: {"number": stage.more["episode"], "what": what},
            called=what,
        )
        for what in ("review", "discharge", "correction")
    ),
    Shown("registry.follow_up", "clinician", lambda stage: {"number": stage.more["discharged"], "due": 180}),
    Shown("registry.imports", "clinician"),
    Shown("registry.imports", "researcher", status=403),
    Shown("registry.new_import", "clinician"),
    Shown("registry.import_report", "clinician", _of(number="import")),
    Shown("registry.live", "clinician"),
]
EDITIONS: list[Shown] = [
    Shown("releases.editions", "country_admin"),
    Shown("releases.editions", "researcher", status=403),
    Shown("releases.edition", "country_admin", {"name": "2026H1"}),
    Shown("releases.edition", "country_admin", _of(name="edition")),
    Shown("releases.approve", "country_admin", _of(name="edition")),
    Shown("releases.freeze_again", "country_admin", _of(name="edition")),
    Shown("releases.discard", "country_admin", _of(name="edition")),
]

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
    Shown("pages.concept", values={"concept_id": "int-mmt"}),
    Shown("dashboards.index"),
    Shown("dashboards.compare", "researcher", {"page": "completeness"}),
    Shown("dashboards.compare", "researcher", {"page": "retention"}),
    Shown("dashboards.compare", "clinician", {"page": "retention"}),
    Shown("dashboards.compare", "researcher", {"page": "comparison"}),
    Shown("accounts.email", "clinician"),
    *PROTOCOLS,
    *DISCUSSION,
    *REGISTRY,
    *EDITIONS,
]

# Pages that need a half-finished step, or a link that works once: other tests walk there.
WALKED = {
    "accounts.code": "between password and code: test_browser_sign_in",
    "accounts.choose_password": "a link that works once: tests of accounts",
    "accounts.first": "a link that works once: tests of accounts",
    "pages.without_slug": "leads to the address with the slug",
    "gallery.show": "components, test_browser_gallery",
    "gallery.error": "components, test_browser_bugs",
    "gallery.progress": "answers JSON",
    "accounts.email_confirm": "a link that works once: tests of accounts",
    "discussion.reply": "the conversation again, with what was refused: tests of the pages",
    "discussion.post": "leads to the post in its conversation",
    "releases.progress": "answers JSON: tests of editions",
}
FILES = {
    "dashboards.download": "a file",
    "registry.template": "a file",
    "registry.codebook": "a file",
    "registry.import_errors": "a file",
}
