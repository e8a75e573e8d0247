"""Field reports: write in three minutes, send, read, decide; all reports of a protocol on one page."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import InvalidTransition
from portal.core.forms import PlainForm, SelectChoice
from portal.core.permissions import Permission
from portal.core.web import actor_or_none, current_actor, get_or_404, requires
from portal.core.workflow import verbs
from portal.programmes.queries import list_organisations_of
from portal.protocols.catalogue.quarters import past
from portal.protocols.forms import following_words as words
from portal.protocols.forms import labels
from portal.protocols.forms.editing import ReasonForm
from portal.protocols.forms.following import ReportForm
from portal.protocols.models import FieldReport, ProtocolVersion
from portal.protocols.policies import can_judge_report, can_read_report, can_report
from portal.protocols.queries import reports as read
from portal.protocols.queries.hiding import check_shown_id
from portal.protocols.queries.versions import find_current, find_numbered
from portal.protocols.services import reports
from portal.protocols.services.reports import Incident, Reported
from portal.protocols.views.blocks_named import block_choices, named_blocks, shown_title
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol
from portal.protocols.views.places import place_of
from portal.protocols.workflow import REPORT_TRANSITIONS
from portal.vocabulary.queries import find_labels, list_choices

REPORT = Permission.REPORT_FROM_FIELD


@blueprint.get("/field-reports")
@requires(REPORT)
def my_field_reports() -> str:
    found = read.list_of_centres(current_actor().organisation_ids)
    return render_template("protocols/field_reports_own.html", reports=found, w=words.words())


@blueprint.get("/field-reports/queue")
@requires(Permission.ACCEPT_FIELD_REPORT)
def field_report_queue() -> str:
    found = read.list_held(current_actor())
    return render_template("protocols/field_report_queue.html", reports=found, w=words.words(), labels=labels)


@blueprint.get("/protocols/<public_id>/field-reports")
@web.public
def field_reports(public_id: str) -> Response:
    """Every accepted report on a protocol, whatever its version."""
    protocol = seen_protocol(public_id)
    version: ProtocolVersion = get_or_404(find_current(protocol.id))
    found = read.list_accepted(protocol.id)
    settings = find_labels({report.setting or "" for report in found}, i18n.current())
    html = render_template(
        "protocols/field_reports.html", protocol=protocol, reports=found, title=shown_title(version),
        settings=settings, w=words.words(), labels=labels,
    )  # fmt: skip
    return web.published(html)


@blueprint.route("/protocols/<public_id>/v/<number>/report", methods=["GET", "POST"])
@requires(REPORT)
def new_field_report(public_id: str, number: str) -> Page:
    version = _version(public_id, number)
    place = place_of("report", version.id)
    form = _offered(place.fill(ReportForm), version)
    if form.validate_on_submit() and attempt(form, lambda: _create(version, form)):
        place.leave()
        web.flash_done(_("Sent. An editor reads it before it is shown."))
        return redirect(url_for("protocols.my_field_reports"))
    return _form_page(version, form, place=place)


@blueprint.route("/field-reports/<int:report_id>/edit", methods=["GET", "POST"])
@requires(REPORT)
def edit_field_report(report_id: int) -> Page:
    report = _own(report_id)
    if "change" not in verbs(REPORT_TRANSITIONS, report.state):
        web.flash_refused(InvalidTransition("report_closed"))
        return redirect(url_for("protocols.field_report", report_id=report.id))
    place = place_of("report", "edit", report.id)
    form = _offered(place.fill(ReportForm, **_as_form(report)), report.version)
    if form.validate_on_submit() and attempt(form, lambda: _again(report, form)):
        place.leave()
        web.flash_done(_("Sent. An editor reads it before it is shown."))
        return redirect(url_for("protocols.my_field_reports"))
    return _form_page(report.version, form, place=place, report=report)


@blueprint.get("/field-reports/<int:report_id>")
@web.public
def field_report(report_id: int) -> Response:
    report = _read(report_id)
    return web.published(_report_page(report))


@blueprint.post("/field-reports/<int:report_id>/<any(accept, return):what>")
@requires(Permission.ACCEPT_FIELD_REPORT)
def judge_field_report(report_id: int, what: str) -> Page:
    report, form, now = _read(report_id), ReasonForm(), utcnow()
    if what == "accept":
        reports.accept_report(report, by=current_actor(), now=now)
        web.flash_done(_("Accepted. It is shown on the page of the protocol."))
        return redirect(url_for("protocols.field_report_queue"))
    if not form.validate_on_submit():
        return _report_page(report, form), 422
    reports.return_report(report, form.text("reason"), by=current_actor(), now=now)
    web.flash_done(_("Returned to the centre."))
    return redirect(url_for("protocols.field_report_queue"))


@blueprint.post("/field-reports/<int:report_id>/withdraw")
@requires(REPORT)
def withdraw_field_report(report_id: int) -> Response:
    reports.withdraw_report(_own(report_id), by=current_actor(), now=utcnow())
    web.flash_done(_("The report is withdrawn."))
    return redirect(url_for("protocols.my_field_reports"))


def _create(version: ProtocolVersion, form: ReportForm) -> None:
    centre = next(c for c in _centres() if str(c.id) == form.text("organisation"))
    reports.file_report(centre, version, _said(form), by=current_actor(), now=utcnow())


def _again(report: FieldReport, form: ReportForm) -> None:
    reports.file_again(report, _said(form), by=current_actor(), now=utcnow())


def _said(form: ReportForm) -> Reported:
    return Reported(
        from_quarter=form.text("from_quarter"), to_quarter=form.text("to_quarter"),
        started_band=form.text("started_band"), fidelity=form.fidelity(),
        recommendation=form.text("recommendation"), setting=form.text("setting") or None,
        changes=form.told_changes(), barriers=tuple(form.barriers.data or ()),
        barriers_text=form.text("barriers_text"),
        incidents=[Incident(**row) for row in form.told_incidents()], lang=i18n.current(),
    )  # fmt: skip


def _as_form(report: FieldReport) -> dict[str, Any]:
    names = (
        "from_quarter",
        "to_quarter",
        "started_band",
        "recommendation",
        "setting",
        "barriers",
        "barriers_text",
    )
    given: dict[str, Any] = {name: getattr(report, name) for name in names}
    given |= {f"fidelity_{c}": str(a) for c, a in zip(words.FIDELITY, report.fidelity, strict=True)}
    changes = [{"block": c["block_key"], "text": c["text"]} for c in report.changes]
    return given | {
        "organisation": str(report.organisation_id),
        "changes": changes,
        "incidents": report.incidents,
    }


def _offered(form: ReportForm, version: ProtocolVersion) -> ReportForm:
    centres = [SelectChoice(str(c.id), c.name) for c in _centres()]
    quarters = words.quarter_choices(past(utcnow().date()))
    form.offer(centres, list_choices("setting", i18n.current()), quarters)
    form.offer_blocks(block_choices(version))
    if form.organisation.data is None and len(centres) == 1:
        form.organisation.data = centres[0].value
    return form


def _form_page(version: ProtocolVersion, form: ReportForm, **more: Any) -> Page:
    page = {
        "version": version,
        "form": form,
        "title": shown_title(version),
        "w": words.words(),
        "report": None,
    }
    html = render_template("protocols/field_report_form.html", **(page | more))
    return html, 422 if form.errors or form.form_errors else 200


def _report_page(report: FieldReport, form: ReasonForm | None = None) -> str:
    actor = actor_or_none()
    settings = find_labels({report.setting or ""}, i18n.current())
    return render_template(
        "protocols/field_report.html", report=report, form=form or ReasonForm(formdata=None),
        plain=PlainForm(), w=words.words(), labels=labels, settings=settings,
        title=shown_title(report.version), blocks=named_blocks(report.version),
        judges=actor is not None and can_judge_report(actor, report),
        own=actor is not None and can_report(actor, report.organisation_id),
    )  # fmt: skip


def _version(public_id: str, number: str) -> ProtocolVersion:
    major, _dot, minor = number.partition(".")
    fits = major.isascii() and minor.isascii() and major.isdigit() and minor.isdigit() and len(number) < 10
    protocol = seen_protocol(public_id)
    found: ProtocolVersion = get_or_404(find_numbered(protocol.id, int(major), int(minor)) if fits else None)
    return found


def _centres() -> Any:
    return list_organisations_of(current_actor().organisation_ids)


def _own(report_id: int) -> FieldReport:
    report: FieldReport = get_or_404(read.find_report(report_id))
    found: FieldReport = get_or_404(report if can_report(current_actor(), report.organisation_id) else None)
    return found


def _read(report_id: int) -> FieldReport:
    report: FieldReport = get_or_404(read.find_report(report_id))
    check_shown_id(report.protocol_id)
    found: FieldReport = get_or_404(report if can_read_report(actor_or_none(), report) else None)
    return found
