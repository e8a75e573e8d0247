"""The export under the headings (a) to (j): a page to print, and JSON."""

from typing import Final

import orjson
from flask import Response, render_template
from flask_babel import lazy_gettext as _l

from portal.alerts.exports import HEADINGS, art13
from portal.alerts.forms import words
from portal.alerts.views.blueprint import blueprint, public_alert
from portal.core import web

HEADING_NAMES: Final = {
    "a": _l("Type and origin of the risk"),
    "b": _l("Date and place"),
    "c": _l("How people are exposed"),
    "d": _l("Analytical and toxicological data"),
    "e": _l("How it is identified"),
    "f": _l("Risks to health"),
    "g": _l("Social, safety and security risks"),
    "h": _l("Health measures taken or intended"),
    "i": _l("Other measures"),
    "j": _l("Anything else that matters"),
}
TEXTS: Final = ("advice", "message", "unknown", "contact")


@blueprint.get("/alerts/<number>/report")
@web.public
def alert_report(number: str) -> Response:
    shown = public_alert(number)
    record = shown.version.record
    parts = {
        letter: words.lines(record, shown.labels, [n for n in names if n in words.FIELDS and n not in TEXTS])
        for letter, names in HEADINGS.items()
    }
    html = render_template(
        "alerts/report.html",
        shown=shown,
        parts=parts,
        names=HEADING_NAMES,
        texts=TEXTS,
        headings=HEADINGS,
        words=words,
    )
    return web.published(html)


@blueprint.get("/alerts/<number>/report.json")
@web.public
def alert_json(number: str) -> Response:
    shown = public_alert(number)
    response = Response(orjson.dumps(art13(shown.alert, shown.version)), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{shown.alert.public_id}.json"'
    return response
