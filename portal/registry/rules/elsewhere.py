"""Rules about what is no record of an episode: rows that leave the portal, and results of instruments."""

from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import load
from portal.registry.rules.catalogue import all_rules
from portal.registry.rules.judging import Place, RuleVerdict, judge_one
from portal.registry.rules.verdicts import EXPORT, verdicts_of

if TYPE_CHECKING:
    import polars as pl

INSTRUMENT: Final = "R47"
FIRST: Final = 2  # version that has such rules
SHIPPED: Final = "ship"


def broken_exports(rows: "pl.DataFrame", *, version: int = FIRST) -> tuple[Place, ...]:
    """Rules that rows of a TEDS-D-like export break. An export with one is stopped: the fault is its own."""
    verdicts = verdicts_of(rows, version, {})
    rules = [rule for rule in all_rules(version) if rule.scope == EXPORT and verdicts[rule.id].any()]
    return tuple(Place(r.id, r.severity, r.fields[0], verdicts[r.id].fill_null(value=False)) for r in rules)


def judge_instrument(instrument: str, *, items: bool, permitted: bool, version: int = FIRST) -> RuleVerdict:
    """Whether a result may hold single items: `permitted` says that the centre has a permission on record."""
    context = _licence(instrument, version, items=items, permitted=permitted)
    results = judge_one({}, version=version, context=context)
    return next(result for result in results if result.rule == INSTRUMENT)


def _licence(instrument: str, version: int, *, items: bool, permitted: bool) -> dict[str, Any]:
    codes = load(version).lists["instrument"]
    shipped = instrument in codes.codes and codes[instrument].facts.get("licence") == SHIPPED
    return {"instrument_items": items, "instrument_allowed": shipped or permitted}
