"""An editor's side of declarations: what waits in the country, and the decision on each."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes import catalogue
from portal.protocols.catalogue.following import DOUBTS, REFUSALS
from portal.protocols.forms import following_words as words
from portal.protocols.forms.editing import CHOOSE
from portal.protocols.forms.following import JudgeForm
from portal.protocols.forms.labels import listed
from portal.protocols.models import ProgrammeProtocol
from portal.protocols.policies import can_judge_declaration
from portal.protocols.queries import following as read
from portal.protocols.services import following
from portal.protocols.views.blueprint import Page, blueprint

JUDGE = Permission.CONFIRM_DECLARATION


@blueprint.get("/following/queue")
@requires(JUDGE)
def declarations() -> str:
    rows = read.list_waiting(current_actor())

    def modality(code: str) -> str:
        return catalogue.label("modality", code, i18n.current())

    return render_template("protocols/declarations.html", rows=rows, w=words.words(), modality=modality)


@blueprint.post("/following/<int:declaration_id>/confirm")
@requires(JUDGE)
def confirm_declaration(declaration_id: int) -> Response:
    row = _judged(declaration_id)
    verb = following.settle if row.state == "questioned" else following.confirm
    verb(row, by=current_actor(), now=utcnow())
    web.flash_done(_("Confirmed. The programme is told."))
    return redirect(url_for("protocols.declarations"))


@blueprint.post("/following/<int:declaration_id>/<any(refuse, question):what>")
@requires(JUDGE)
def doubt_declaration(declaration_id: int, what: str) -> Page:
    row = _judged(declaration_id)
    form = _judge_form(what)
    if not form.validate_on_submit():
        return render_template("protocols/doubt.html", row=row, form=form, what=what), 422
    verb = following.refuse if what == "refuse" else following.question
    verb(row, form.text("reason_code"), form.text("reason"), by=current_actor(), now=utcnow())
    web.flash_done(
        _("Refused. The programme is told why.")
        if what == "refuse"
        else _("Questioned. The programme is told why.")
    )
    return redirect(url_for("protocols.declarations"))


@blueprint.post("/following/<int:declaration_id>/contradicted")
@requires(JUDGE)
def contradict_declaration(declaration_id: int) -> Response:
    following.end(_judged(declaration_id), "contradicted", by=current_actor(), now=utcnow())
    web.flash_done(_("The declaration is ended."))
    return redirect(url_for("protocols.declarations"))


def judge_forms(row: ProgrammeProtocol) -> dict[str, Any]:
    """What an editor may do on the page of a declaration."""
    programme = row.programme
    may = can_judge_declaration(current_actor(), programme.country, programme.organisation_id)
    forms = {what: _judge_form(what, blank=True) for what in ("refuse", "question")} if may else {}
    return {"judges": may, "forms": forms, "plain_judge": PlainForm()}


def _judge_form(what: str, *, blank: bool = False) -> JudgeForm:
    form = JudgeForm(formdata=None, prefix="") if blank else JudgeForm()
    codes = REFUSALS if what == "refuse" else [code for code in DOUBTS if code != "withdrawn_version"]
    names = words.REFUSALS if what == "refuse" else words.DOUBTS
    form.reason_code.choices = listed(((code, names[code]) for code in codes), empty=CHOOSE)
    return form


def _judged(declaration_id: int) -> ProgrammeProtocol:
    found: ProgrammeProtocol = get_or_404(read.find_declaration(declaration_id))
    programme = found.programme
    may = can_judge_declaration(current_actor(), programme.country, programme.organisation_id)
    judged: ProgrammeProtocol = get_or_404(found if may else None)
    return judged
