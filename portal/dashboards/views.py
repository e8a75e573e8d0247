"""Outcomes: public tables for everybody, comparisons for approved accounts that accepted the terms."""

import csv
import io
import re

from flask import Response, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answer

from portal.accounts.services.terms import has_accepted_terms
from portal.core import web
from portal.core.permissions import Permission
from portal.dashboards import text as words
from portal.dashboards.charts.chart import Chart
from portal.dashboards.charts.making import chart
from portal.dashboards.charts.public import sections
from portal.dashboards.queries import PAGES, Choice, choose, note_view, own_codes
from portal.releases.queries import latest_edition, latest_hash, public_tables

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # spreadsheets fold the wide ones
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")

blueprint = web.bp("dashboards", __name__)


@blueprint.get("/outcomes")
@web.public
def index() -> Response:
    def render() -> str:
        edition = latest_edition()
        parts = sections(public_tables(edition)) if edition else []
        return render_template("dashboards/index.html", edition=edition, sections=parts, pages=PAGES)

    version = latest_hash()
    return web.published_once(version, render) if version else web.published(render())


@blueprint.get("/outcomes/<any(completeness, retention, comparison):page>")
@web.requires(Permission.READ_COMPARISONS)
def compare(page: str) -> str | Answer:
    if not has_accepted_terms(web.current_actor()):
        return redirect(url_for("accounts.terms", next=request.full_path.rstrip("?")))
    choice = _asked(page)
    body = _body(page, choice) if choice else ""
    return render_template("dashboards/compare.html", page=page, pages=PAGES, body=body)


@blueprint.get("/outcomes/<any(completeness, retention, comparison):page>.csv")
@web.requires(Permission.READ_COMPARISONS)
def download(page: str) -> Answer:
    """Exactly the figures of the page: texts in the reader's language, numbers for machines."""
    if not has_accepted_terms(web.current_actor()):
        return redirect(url_for("accounts.terms"))
    choice = web.get_or_404(_asked(page))
    name = f"{choice.edition.name}-{page}-{choice.country}-{choice.klass}.csv"
    answer = Response(_csv(_charts(choice, _seen(choice)), choice), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _asked(page: str) -> Choice | None:
    asked = request.args
    home = web.current_actor().country
    return choose(page, asked.get("country", ""), asked.get("class", ""), home=home)


def _seen(choice: Choice) -> frozenset[str]:
    """Record the view; gives the codes of the reader's own programmes, which the figures mark."""
    actor = web.current_actor()
    note_view(choice.results, by=actor)
    return own_codes(choice.edition, actor)


def _body(page: str, choice: Choice) -> str:
    """The figures of a page: ready after the first reader with the same own programmes."""
    own = _seen(choice)

    def render() -> str:
        return render_template(
            "dashboards/_figures.html", page=page, choice=choice, charts=_charts(choice, own), words=words
        )

    return web.kept((choice.edition.version, page, choice.country, choice.klass, own), render)


def _charts(choice: Choice, own: frozenset[str]) -> list[Chart]:
    return [chart(result, own) for result in choice.results]


def _csv(charts: list[Chart], choice: Choice) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    edition = choice.edition
    mark = "SYNTHETIC" if edition.synthetic else ""
    for each in charts:
        head = [each.finding, each.subtitle, edition.name, edition.closing_on.isoformat(), mark]
        writer.writerow([_safe(cell) for cell in head])
        for table in each.tables:
            writer.writerow([_safe(name) for column in table.columns for name in column.names])
            writer.writerows([[_safe(part) for cell in row for part in cell.raw] for row in table.rows])
    return "\ufeff" + out.getvalue()


def _safe(cell: str) -> str:
    """Text without marks of direction; a spreadsheet must not take it for a formula."""
    plain = re.sub("[⟦⟧\u2066-\u2069]", "", cell)
    return f"'{plain}" if plain.startswith(FORMULA) and not NUMBER.fullmatch(plain) else plain
