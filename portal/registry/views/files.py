"""Imports of a centre: hand in a file, read the report, accept or discard it, correct what was rejected.

/programme/imports                        the list, the template and the codebook
/programme/imports/new                    a file, read and judged as a dry run
/programme/imports/<number>               the report, with the two decisions
/programme/imports/<number>/errors.csv    the rows to correct
/programme/template.csv · codebook.csv    in the language of the address
"""

import hashlib
from typing import Any, Final

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from portal.core import i18n, web
from portal.core.errors import DomainError, InvalidTransition
from portal.core.permissions import Permission
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes.queries import list_own, list_programmes
from portal.registry.forms.files import DecisionForm, ImportForm
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import WEB
from portal.registry.models import BatchState, ImportBatch
from portal.registry.queries import count_waiting, find_own_batch, list_batches
from portal.registry.services.deciding import accept, discard, waiting_before
from portal.registry.services.imports import DRY, import_file
from portal.registry.services.quota import TooManyUploads
from portal.registry.services.reports import errors_csv, page_of
from portal.registry.services.sheets import MOST_ROWS
from portal.registry.services.submitting import Submission
from portal.registry.services.targets import target_of
from portal.registry.services.templates import codebook_csv, template_csv
from portal.registry.views import file_words as words
from portal.registry.views.blueprint import blueprint

SUBMIT: Final = Permission.SUBMIT_OUTCOMES
TOO_LARGE: Final = 413
Page = str | Answer | tuple[str, int]


@blueprint.get("/programme/imports")
@requires(SUBMIT)
def imports() -> str:
    actor = current_actor()
    return render_template(
        "registry/imports.html", batches=list_batches(actor.organisation_ids), names=_names(),
        waiting=count_waiting(actor.organisation_ids), words=words, programmes=list_own(actor),
    )  # fmt: skip


@blueprint.route("/programme/imports/new", methods=["GET", "POST"])
@requires(SUBMIT)
def new_import() -> Page:
    corrected = _corrected()
    form, status = _form(corrected), 200
    if form.validate_on_submit():
        try:
            batch = _hand_in(form, corrected)
        except DomainError as refusal:
            status = _show(refusal, form)
        else:
            return redirect(url_for("registry.import_report", number=batch.id))
    elif form.errors:
        status = 422
    return _form_page(form, corrected), status


@blueprint.get("/programme/imports/<int(max=2000000000):number>")
@requires(SUBMIT)
def import_report(number: int) -> str:
    batch = _batch(number)
    page, form = page_of(batch), _form(batch)
    codes = target_of(batch).programme_codes
    return render_template(
        "registry/import_report.html", page=page, batch=batch, words=words, form=form, plain=DecisionForm(),
        programmes=list_programmes(codes=codes), before=waiting_before(batch), states=BatchState, limits=WEB,
        most_in_a_sheet=MOST_ROWS,
    )  # fmt: skip


@blueprint.post("/programme/imports/<int(max=2000000000):number>/accept")
@requires(SUBMIT)
def accept_import(number: int) -> Answer:
    if _is_discarded(number):
        return _to_imports()
    try:
        batch = accept(number, by=current_actor())
    except InvalidTransition as refusal:
        web.flash_refused(refusal)
        return _to_imports()
    web.flash_done(
        _("Done: the valid rows of import %(number)s count from now on.", number=i18n.number(batch.id))
    )
    return redirect(url_for("registry.import_report", number=number))


@blueprint.post("/programme/imports/<int(max=2000000000):number>/discard")
@requires(SUBMIT)
def discard_import(number: int) -> Answer:
    if _is_discarded(number):
        return _to_imports()
    try:
        discard(number, by=current_actor())
    except InvalidTransition as refusal:
        web.flash_refused(refusal)
    else:
        web.flash_done(_("Discarded. Nothing of the file was kept."))
    return _to_imports()


@blueprint.get("/programme/imports/<int(max=2000000000):number>/errors.csv")
@requires(SUBMIT)
def import_errors(number: int) -> Response:
    text = "".join(errors_csv(number, i18n.current(), by=current_actor()))
    return _attached(text, f"import-{number}-to-correct.csv")


@blueprint.get("/programme/template.csv")
@requires(SUBMIT)
def template() -> Response:
    return _attached(template_csv(i18n.current()), f"template-{i18n.current()}.csv")


@blueprint.get("/programme/codebook.csv")
@requires(SUBMIT)
def codebook() -> Response:
    return _attached(codebook_csv(i18n.current()), f"codebook-{i18n.current()}.csv")


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Page | Response:
    """A body over the server's limit is never read; the form comes back with the sentence all the same."""
    if request.endpoint != "registry.new_import" or web.actor_or_none() is None:
        return web.error_page(error)
    form = ImportForm(formdata=None)
    form.offer(_own_programmes(), i18n.current())
    form.add_fault("file", words.refused(FileRefused("too_large", limit=WEB.size // 10**6)))
    return _form_page(form, None), TOO_LARGE


def _form(corrected: ImportBatch | None) -> ImportForm:
    """The form, with what is known already where a corrected file is handed in."""
    known: dict[str, Any] = {"programme": request.args.get("programme", "")}
    if corrected is not None:
        known = {"programme": corrected.programme_code or "", "profile": corrected.profile}
    form = ImportForm(**known)
    form.offer(_own_programmes(), i18n.current())
    return form


def _form_page(form: ImportForm, corrected: ImportBatch | None) -> str:
    return render_template(
        "registry/import_new.html", form=form, corrected=corrected, limits=WEB, profiles=words.EXAMPLES
    )


def _hand_in(form: ImportForm, corrected: ImportBatch | None) -> ImportBatch:
    data = form.file.data.read(WEB.size + 1)
    submission = Submission(
        data, programme=form.programme.data or "", profile=form.profile.data, file_map=form.mapping(),
        encoding=form.encoding.data, limits=WEB, corrects=corrected.id if corrected else None,
    )  # fmt: skip
    return import_file(submission, mode=DRY, by=current_actor(), idempotency_key=_key(form, data, submission))


def _key(form: ImportForm, data: bytes, submission: Submission) -> str:
    """The same form with the same file gives the same import; another file is another import."""
    parts = (
        form.text("key"),
        submission.programme,
        submission.profile,
        submission.file_map,
        submission.encoding,
    )
    told = "\x1f".join((str(current_actor().id), str(submission.corrects), *parts))
    return hashlib.sha256(told.encode() + b"\x1f" + data).hexdigest()


def _show(refusal: DomainError, form: ImportForm) -> int:
    """Put the refusal where it belongs; gives back the status of the page."""
    if isinstance(refusal, TooManyUploads):
        form.add_fault("file", words.too_many(refusal))
        return refusal.status
    if not isinstance(refusal, FileRefused):
        form.add_fault("programme", sentence(refusal))
        return 422
    form.add_fault("file_map" if refusal.code == "mapping" else "file", words.refused(refusal))
    return TOO_LARGE if refusal.code == "too_large" else 422


def _corrected() -> ImportBatch | None:
    """The import that a corrected file belongs to; one of another centre does not exist."""
    number = request.values.get("corrects", "")
    if not number:
        return None
    return _batch(int(number)) if number.isdecimal() and len(number) < 10 else get_or_404(None)


def _is_discarded(number: int) -> bool:
    """Whether another tab, or a week, has given this import up already; that is said."""
    found: ImportBatch = get_or_404(find_own_batch(number, current_actor()))
    if found.state == BatchState.SWEPT:
        web.flash_refused(InvalidTransition("import_discarded"))
        return True
    return False


def _to_imports() -> Answer:
    return redirect(url_for("registry.imports"))


def _batch(number: int) -> ImportBatch:
    found: ImportBatch = get_or_404(find_own_batch(number, current_actor()))
    return found if found.state != BatchState.SWEPT else get_or_404(None)


def _own_programmes() -> list[tuple[str, str]]:
    return [
        (programme.code, f"{programme.name} ({programme.code})") for programme in list_own(current_actor())
    ]


def _names() -> dict[str, str]:
    return {programme.code: programme.name for programme in list_own(current_actor())}


def _attached(text: str, name: str) -> Response:
    """A file to save. The headers of every page forbid storing and sniffing it."""
    answer = Response(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
