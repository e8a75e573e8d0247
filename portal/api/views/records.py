"""Records of an own programme, judged and not kept."""

from typing import Any

from flask import Response
from werkzeug.exceptions import UnprocessableEntity

from portal.api.schemas.records import CheckedAnswer, RecordsAsked
from portal.api.views.answers import as_json
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.guard import requires_token, this_holder
from portal.core.db import utcnow
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.report import said
from portal.registry.services.checking import Checked, check_rows


@resources.route("/own/records/check", methods=["POST"])
@requires_token("read:own")
@resources.arguments(RecordsAsked)
@resources.response(200, CheckedAnswer)
@resources.doc(security=[{"bearer": []}])
@may_answer(403, 404)
def check_records(asked: dict[str, Any]) -> Response:
    """Judge records by every rule, as an import would, and keep nothing of them."""
    try:
        rows = check_rows(
            asked["records"], asked["programme"], by=this_holder().user, now=utcnow(),
            version=asked["dictionary_version"],
        )  # fmt: skip
    except FileRefused as refusal:
        raise _refused(refusal, asked["lang"]) from None
    told = [_told(row, asked["lang"]) for row in rows]
    return as_json(CheckedAnswer().dump({"dictionary_version": asked["dictionary_version"], "records": told}))


def _told(row: Checked, lang: str) -> dict[str, Any]:
    faults = [
        {"code": f.code, "field": f.column, "severity": f.severity}
        | dict(zip(("message", "hint"), said(f.code, f.column, lang, version=f.version), strict=True))
        for f in row.faults
    ]
    return {"row": row.line - 1, "accepted": row.accepted, "faults": faults, "rules": row.results}


def _refused(refusal: FileRefused, lang: str) -> UnprocessableEntity:
    """Nothing is judged where one record holds what may not leave the centre; its value is never said."""
    values = {name: value for name, value in refusal.values.items() if name != "column"}
    text, hint = said(refusal.code, refusal.column, lang, **values)
    error = UnprocessableEntity(f"{text} {hint}")
    place = (refusal.line or 1) - 2
    row = "records" if place < 0 else f"records.{place}"
    error.data = {"messages": {row: {refusal.column: [refusal.code]}}}  # type: ignore[attr-defined]
    return error
