"""The rules of the registry, for anybody: on a page, and as data to be run elsewhere.

/codebook/<version>/rules          every rule of a version
/codebook/<version>/rules.json     the same with expressions, for programs
"""

import json
from typing import Final

from flask import Response, abort, render_template
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Answer

from portal.api.views.blueprint import described
from portal.core import i18n, web
from portal.registry.dictionary import versions
from portal.registry.rules import all_rules
from portal.registry.rules.exporting import as_data

SEVERITIES: Final = {"E": _l("error"), "W": _l("warning"), "I": _l("information")}
SCOPES: Final = {
    "row": _l("one row of answers"),
    "record": _l("the answers of one time"),
    "episode": _l("the whole episode"),
    "person": _l("all episodes of a person"),
    "file": _l("the whole file"),
    "export": _l("rows that leave the portal"),
}
EFFECTS: Final = {
    "flag": _l("Such an assessment is left out of abstinence."),
    "derive": _l("An answer follows from it."),
    "list": _l("The rows are listed as possible duplicates."),
    "count": _l("Counted for the whole file."),
    "safety": _l("A matter of safety: tell the treating doctor."),
    "refuse": _l("The whole file is refused."),
}


@described.get("/codebook/<int(max=999):version>/rules")
@web.public
def rules(version: int) -> Response:
    _check(version)
    return web.published_until_change(lambda: _rendered(version))


@described.get("/codebook/<int(max=999):version>/rules.json")
@web.public
def rules_json(version: int) -> Response:
    _check(version)
    response = web.published(json.dumps(as_data(version), ensure_ascii=False, separators=(",", ":")))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename=rules-v{version}.json"
    return response


def _check(version: int) -> None:
    if version not in versions():
        abort(404)


def _rendered(version: int) -> str | Answer:
    return render_template(
        "codebook/rules.html", version=version, versions=versions(), rules=all_rules(version),
        severities=SEVERITIES, scopes=SCOPES, effects=EFFECTS, lang=i18n.current(),
    )  # fmt: skip
