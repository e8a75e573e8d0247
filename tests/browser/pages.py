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
    Shown(
        "protocols.compare_versions",
        values=lambda stage: {"public_id": stage.more["parent_id"], "number": "2.0", "other": "1.0"},
    ),
    Shown(
        "protocols.compare_with_parent",
        values=lambda stage: {"public_id": stage.more["fork_id"], "number": "1.0"},
    ),
    Shown("pages.block", values=_of(public_id="parent_id", key="fork_block")),
    Shown("protocols.adapt", "adopter", _of(public_id="parent_id")),
    Shown("protocols.parent_changes", "adopter", _of(public_id="fork_id")),
    Shown("protocols.draft_changes", "adopter", _of(version_id="fork_draft")),
    Shown("protocols.rationale", "adopter", _of(version_id="fork_draft")),
    Shown("pages.interfaces"),
    Shown("pages.pseudonyms"),
    Shown("instruments.instruments"),
    Shown("instruments.instrument", values={"name": "phq-9"}),
    Shown("codebook.version_book", values={"version": 2}),
    Shown("accounts.tokens", "clinician"),
    Shown("protocols.my_work", "author"),
    Shown("protocols.new_protocol", "author"),
    Shown("protocols.draft", "author", DRAFT),
    Shown("protocols.details", "author", DRAFT),
    Shown("protocols.keywords", "author", DRAFT),
    Shown("protocols.references", "author", DRAFT),
    Shown("protocols.new_block", "author", DRAFT, query="section=steps"),
    Shown("protocols.new_block", "clinician", DRAFT, status=404),
    Shown("protocols.edit_block", "author", _of(version_id="draft", key="block")),
    Shown("protocols.ask_removal", "author", _of(version_id="draft", key="block")),
    Shown("protocols.take_back", "author", _of(version_id="review")),
    Shown("protocols.new_version", "author", PROTOCOL),
    Shown("protocols.desk", "its_editor"),
    Shown("protocols.desk", "clinician", status=403),
    Shown("protocols.decide", "its_editor", _of(version_id="review")),
    Shown("protocols.request_changes", "its_editor", _of(version_id="review")),
    Shown(
        "protocols.legal_status",
        "its_editor",
        lambda stage: {"public_id": stage.more["public_id"], "country": "RU"},
    ),
    Shown("protocols.my_reviews", "reviewer"),
    Shown("protocols.review", "reviewer", _of(assignment_id="waiting_review")),
    Shown("protocols.interests", "reviewer", _of(assignment_id="waiting_review")),
    Shown("protocols.declare", "clinician", PROTOCOL),
    Shown("protocols.following_list", "clinician"),
    Shown("protocols.declaration", "clinician", _of(declaration_id="declaration")),
    Shown("protocols.declaration", "editor", _of(declaration_id="declared"), called="to_decide"),
    Shown("protocols.declarations", "editor"),
    Shown(
        "protocols.new_field_report",
        "clinician",
        lambda stage: {"public_id": stage.more["public_id"], "number": "1.0"},
    ),
    Shown("protocols.edit_field_report", "clinician", _of(report_id="returned_report")),
    Shown("protocols.my_field_reports", "clinician"),
    Shown("protocols.field_report_queue", "editor"),
    Shown("protocols.field_report", "editor", _of(report_id="held_report")),
    Shown("protocols.field_report", values=_of(report_id="report")),
    Shown("protocols.field_reports", values=PROTOCOL),
    Shown("pages.programme", values=_of(programme_id="named")),
    Shown(
        "pages.programme",
        values=lambda stage: {"programme_id": stage.programme},
        status=404,
        called="unnamed",
    ),
    Shown("protocols.saved_searches", "clinician"),
    Shown("protocols.saved_protocols", "clinician"),
    Shown("collections.collections"),
    Shown("collections.collection", values=_of(public_id="collection")),
    Shown("collections.edit", "editor", _of(public_id="collection"), query="q=methadone"),
    Shown("protocols.unfound", "editor"),
    Shown("protocols.matrix", "translator"),
    Shown(
        "protocols.translation",
        "translator",
        lambda stage: {"public_id": stage.more["public_id"], "target": "fa"},
    ),
    Shown(
        "protocols.translation",
        "its_editor",
        lambda stage: {"public_id": stage.more["drawn_in"], "target": "fa"},
        called="complained",
    ),
    Shown("protocols.matrix", "translator", query="free=1&country=RU", called="filtered"),
    Shown("protocols.translation_work", "its_editor", query="of=fa"),
    Shown("protocols.translation_work", "language_reviewer", query="of=en"),
    Shown("protocols.second_review", "language_reviewer", _of(sample_id="sample")),
    Shown(
        "protocols.report_translation",
        "clinician",
        lambda stage: {"public_id": stage.more["drawn_in"], "target": "fa"},
    ),
    Shown(
        "protocols.report_translation",
        "clinician",
        lambda stage: {"public_id": stage.more["public_id"], "target": "ru"},
        called="untranslated",
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

FATES: list[Shown] = [
    *(
        Shown(
            "pages.protocol",
            values=lambda stage, name=name: {"public_id": stage.more[name], "slug": stage.more["slug"]},
            called=name,
            status=410 if name == "withdrawn" else 200,
        )
        for name in ("concerned", "retired", "withdrawn")
    ),
    Shown("protocols.hide_protocol", "country_admin", _of(public_id="hidden")),
    Shown("pages.protocol", "abroad", _of(public_id="hidden", slug="slug"), called="hidden", status=451),
    Shown("protocols.lift_hiding", "system_admin", _of(hiding_id="hiding")),
    Shown("pages.removals"),
    Shown("protocols.notices", "its_chief", _of(public_id="concerned")),
    *(
        Shown(
            "protocols.issue_notice",
            "its_chief",
            lambda stage, kind=kind: {"public_id": stage.more["public_id"], "kind": kind},
            called=kind,
        )
        for kind in ("concern", "retire", "withdraw")
    ),
    Shown("protocols.close_concern", "its_chief", _of(notice_id="notice")),
    Shown("protocols.check_currency", "author", PROTOCOL),
    Shown("protocols.overseen", "its_chief"),
    Shown("protocols.answer_appeal", "its_chief", _of(version_id="refused")),
    Shown("protocols.appeal", "author", _of(version_id="refused")),
    Shown("protocols.author_interests", "author", DRAFT),
    Shown(
        "protocols.decide_interests",
        "its_editor",
        _of(version_id="doubted", declaration_id="declared_interests"),
    ),
    Shown("protocols.decide", "its_editor", _of(version_id="doubted"), called="doubted"),
    Shown("protocols.reject", "its_editor", _of(version_id="review")),
    Shown("protocols.decline", "reviewer", _of(assignment_id="waiting_review")),
    Shown("protocols.withdraw_approval", "reviewer", _of(assignment_id="waiting_review")),
    Shown("protocols.decide_with_reason", "its_editor", {"version_id": 2, "what": "return"}),
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
    Shown("registry.withdraw_patient", "clinician"),
    Shown("registry.quality", "clinician"),
    Shown("codebook.rules", values={"version": 2}),
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

NOTICES: list[Shown] = [
    Shown("accounts.notices", "told"),
    Shown("accounts.notices", "clinician"),
    Shown("accounts.notice_settings", "told"),
    Shown("pages.following", "told"),
    Shown("pages.following", "clinician"),
    Shown("accounts.unsubscribe", values=lambda stage: {"token": stage.more["unsubscribe"]}),
]


def _alert(name: str) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {"alert_id": stage.more[name]}


WARNING = _of(number="warning")
ALERTS: list[Shown] = [
    Shown("alerts.alerts"),
    Shown("alerts.alerts", "clinician", query="show=archive", called="archive"),
    Shown("alerts.alert", values=WARNING),
    Shown("alerts.alert_changes", values=lambda stage: {"number": stage.more["warning"], "version": 2}),
    Shown("alerts.alert_report", values=WARNING),
    Shown("alerts.new_signal", "clinician"),
    Shown("alerts.my_signals", "alert_reporter"),
    Shown("alerts.answer_signal", "alert_reporter", _alert("asked")),
    Shown("alerts.desk", "alert_editor"),
    Shown("alerts.work", "alert_editor", _alert("signal"), called="signal"),
    Shown("alerts.work", "alert_judge", _alert("judged"), called="judged"),
    Shown("alerts.edit_record", "alert_editor", _alert("signal")),
    Shown("alerts.alert_texts", "translator", WARNING),
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
    Shown("moderation.settings", "system_admin"),
    Shown("programmes.list_programmes", "country_admin"),
    Shown("programmes.organisation", "country_admin", lambda stage: {"organisation_id": stage.organisation}),
    Shown("programmes.new_programme", "country_admin", lambda stage: {"organisation_id": stage.organisation}),
    Shown("protocols.close_programme", "country_admin", lambda stage: {"programme_id": stage.programme}),
    Shown("programmes.programme", "country_admin", lambda stage: {"programme_id": stage.programme}),
    Shown("programmes.edit_programme", "country_admin", lambda stage: {"programme_id": stage.programme}),
    Shown("moderation.queue", "country_admin"),
    Shown("moderation.queue", "clinical_reviewer"),
    Shown("vocabulary.schemes"),
    Shown("vocabulary.scheme", values={"scheme": "substance"}),
    Shown("pages.concept", values={"concept_id": "int-mmt"}),
    Shown("vocabulary.edit_concept", "editor", {"concept_id": "sub-methadone"}),
    Shown("vocabulary.new_concept", "editor", {"scheme": "substance"}),
    Shown("vocabulary.changes", "editor"),
    Shown("dashboards.index"),
    Shown("dashboards.compare", "researcher", {"page": "completeness"}),
    Shown("dashboards.compare", "researcher", {"page": "retention"}),
    Shown("dashboards.compare", "clinician", {"page": "retention"}),
    Shown("dashboards.compare", "researcher", {"page": "comparison"}),
    Shown("accounts.email", "clinician"),
    *NOTICES,
    *ALERTS,
    *PROTOCOLS,
    *DISCUSSION,
    *FATES,
    *REGISTRY,
    *EDITIONS,
]

# Pages that need a half-finished step, or a link that works once: other tests walk there.
WALKED = {
    "codebook.book": "the codebook of the current version, as codebook.version_book",
    "accounts.code": "between password and code: test_browser_sign_in",
    "accounts.choose_password": "a link that works once: tests of accounts",
    "accounts.first": "a link that works once: tests of accounts",
    "pages.without_slug": "leads to the address with the slug",
    "protocols.answer_withdrawal": "for an adaptation of a withdrawn protocol: test_fork_pages",
    "protocols.choose_versions": "leads to the address of the two versions",
    "gallery.show": "components, test_browser_gallery",
    "gallery.error": "components, test_browser_bugs",
    "gallery.progress": "answers JSON",
    "accounts.email_confirm": "a link that works once: tests of accounts",
    "protocols.move_declaration": "the form of a declaration after a new version: test_following_pages",
    "discussion.reply": "the conversation again, with what was refused: tests of the pages",
    "discussion.post": "leads to the post in its conversation",
    "releases.progress": "answers JSON: tests of editions",
    "accounts.open_notice": "leads to the thing: test_notice_pages",
}
FILES = {
    "alerts.alert_json": "a file",
    "dashboards.download": "a file",
    "registry.template": "a file",
    "registry.codebook": "a file",
    "codebook.rules_json": "a file",
    "codebook.table": "a file",
    "codebook.schema": "a file",
    "registry.import_errors": "a file",
    "registry.template_sheet": "a file",
    "registry.import_error_sheet": "a file",
    "feeds.everything": "a feed",
    "feeds.concept": "a feed",
    "feeds.collection": "a feed",
    "feeds.country": "a feed",
    "feeds.translations": "a feed",
    "feeds.alerts": "a feed",
    "pages.protocol_copy": "a file",
    "pages.pseudonyms_file": "a file: test_browser_pseudonyms",
    "pages.offline_protocol": "a file",
    "pages.offline_protocols": "a file",
}
