"""The addresses of a version's other forms: one resource for each ending."""

from typing import Any

from flask import Response

from portal.api.schemas.requests import LanguageArguments
from portal.api.views.answers import as_copy, as_file
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.formats import FORMS, Form
from portal.api.views.reading import page_or_problem
from portal.core import web
from portal.protocols.forms.copies import Copy


def _mount(ending: str, form: Form) -> None:
    @resources.route(f"/protocols/<protocol:public_id>/versions/<number:number>.{ending}")
    @resources.arguments(LanguageArguments, location="query")
    @resources.response(200, dict(form.schema), content_type=form.mimetype)
    @may_answer(404, 410, 451)
    @web.public
    def export(arguments: dict[str, Any], public_id: str, number: str) -> Response:
        made = form.make(page_or_problem(public_id, arguments["lang"], number))
        return as_copy(made) if isinstance(made, Copy) else as_file(made, form.mimetype)


for _ending, _form in FORMS.items():
    _mount(_ending, _form)
