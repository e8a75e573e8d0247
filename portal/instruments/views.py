"""Outcome instruments: the licence register, and what is known of each.

/instruments          all of them, with licence and decision
/instruments/<name>   how it is scored, its language versions, its reliable change
"""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template

from analytics.instruments.loader import Instrument, ScoreRule
from analytics.instruments.register import (
    changes_of,
    find_entry,
    load_register,
    may_show_items,
    range_of,
)
from portal.core import web
from portal.instruments import text

blueprint = web.bp("instruments", __name__)


@blueprint.get("/instruments")
@web.public
def instruments() -> Response:
    return web.published(render_template("instruments/list.html", entries=load_register(), words=text))


@blueprint.get("/instruments/<name>")
@web.public
def instrument(name: str) -> Response:
    entry = web.get_or_404(find_entry(name))
    made = entry.definition
    shown = {
        "entry": entry, "words": text, "open_wording": may_show_items(entry),
        "scores": [_score(made, rule) for rule in made.scores] if made else [],
        "bands": list(_bands(made)) if made else [],
        "changes": changes_of(made) if made else [],
    }  # fmt: skip
    return web.published(render_template("instruments/instrument.html", **shown))


def _score(made: Instrument, rule: ScoreRule) -> list[Any]:
    """Name, range, number of items and how many of them have to be answered."""
    low, high = range_of(made, rule)
    items = next((s for s in made.scores if s.id == rule.of), rule)
    return [
        text.score_name(rule.id), f"⟦{low:g}–{high:g}⟧", f"⟦{len(items.items)}⟧", f"⟦{items.min_valid}⟧",
    ]  # fmt: skip


def _bands(made: Instrument) -> Iterator[list[Any]]:
    for rule in made.scores:
        for band in rule.bands:
            yield [
                text.band_name(band),
                text.score_name(rule.id),
                f"⟦≥ {band.lowest:g}⟧",
                text.holds_for(band.where),
            ]
