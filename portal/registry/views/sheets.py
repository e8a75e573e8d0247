"""Spreadsheets to save: the template, and the rows of an import to correct.

/programme/template.xlsx                  in the language of the address
/programme/imports/<number>/errors.xlsx   up to a number of rows; beyond it the CSV file
"""

from typing import Final

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import i18n
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.registry.queries import count_waiting_in, find_own_batch
from portal.registry.services import sheets
from portal.registry.views.blueprint import blueprint

KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/programme/template.xlsx")
@requires(Permission.SUBMIT_OUTCOMES)
def template_sheet() -> Response:
    return _attached(sheets.template_xlsx(i18n.current()), f"template-{i18n.current()}.xlsx")


@blueprint.get("/programme/imports/<int(max=2000000000):number>/errors.xlsx")
@requires(Permission.SUBMIT_OUTCOMES)
def import_error_sheet(number: int) -> Answer:
    get_or_404(find_own_batch(number, current_actor()))
    if count_waiting_in(number) > sheets.MOST_ROWS:
        return redirect(url_for("registry.import_errors", number=number))
    content = sheets.errors_xlsx(number, i18n.current(), by=current_actor())
    return _attached(content, f"import-{number}-to-correct.xlsx")


def _attached(content: bytes, name: str) -> Response:
    answer = Response(content, content_type=KIND)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
