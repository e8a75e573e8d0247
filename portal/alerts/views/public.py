"""What everybody reads: warnings in force, the archive, one warning, and what changed in it."""

from typing import Any

from flask import Response, abort, render_template, request

from portal.alerts import queries
from portal.alerts.forms import words
from portal.alerts.rules import changed_fields
from portal.alerts.views.blueprint import blueprint, public_alert
from portal.core import i18n, web
from portal.protocols.queries.naming import find_titles

MOST = 100
WHAT = ("substances", "street_names", "form", "colour", "route")
WHERE = ("region", "first_seen", "last_seen", "events", "hospital", "deaths")
CARE = ("toxidrome", "signs", "at_risk", "naloxone", "collect")
KNOWN = ("identification", "matrix")
GROUPS = {"care": CARE, "what": WHAT, "where": WHERE, "known": KNOWN}
COUNTRIES = ("IR", "RU")


@blueprint.get("/alerts")
@web.public
def alerts() -> Response:
    """In force; with `?show=archive` what expired or was withdrawn."""
    archive = request.args.get("show") == "archive"
    country = request.args.get("country", "")
    found = queries.list_public_alerts(
        i18n.current(), limit=MOST, current=not archive, country=country if country in COUNTRIES else ""
    )
    html = render_template(
        "alerts/list.html",
        found=found,
        archive=archive,
        country=country,
        words=words,
        may=web.actor_or_none(),
    )
    return web.published(html)


@blueprint.get("/alerts/<number>")
@web.public
def alert(number: str) -> Response:
    shown = public_alert(number)
    return web.published(render_template("alerts/alert.html", **_shown(shown)))


@blueprint.get("/alerts/<number>/changes/<int:version>")
@web.public
def alert_changes(number: str, version: int) -> Response:
    """What update `version` changed, before and after."""
    shown = public_alert(number)
    versions = {v.number: v for v in queries.list_versions(shown.alert.id)}
    if version not in versions or version - 1 not in versions:
        abort(404)
    old, new = versions[version - 1], versions[version]
    labels = queries.labels_of(old.record, i18n.current()) | queries.labels_of(new.record, i18n.current())
    fields = changed_fields(old.record, new.record)
    changes = words.changes(old.record, new.record, labels, fields)
    html = render_template("alerts/changes.html", shown=shown, old=old, new=new, changes=changes, words=words)
    return web.published(html)


def _shown(shown: queries.PublicAlert) -> dict[str, Any]:
    record = shown.version.record
    return {
        "shown": shown,
        "words": words,
        "groups": {name: words.lines(record, shown.labels, fields) for name, fields in GROUPS.items()},
        "protocols": find_titles(record.get("protocols", ()), i18n.current()),
        "versions": queries.list_versions(shown.alert.id),
    }
