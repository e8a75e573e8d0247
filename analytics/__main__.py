"""`python -m analytics`: every method from a CSV file, without a server. Reads, calls one method, prints.

Exit status 0 all well, 2 refused with a sentence on stderr that names file, line and column.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from analytics.errors import AnalyticsError, CellProblem, InvalidEpisodes, NotEstimable
from analytics.schema import ColumnKind, ColumnSpec, parse_number, plain, read_text_table, readable

if TYPE_CHECKING:
    import pandas as pd

    from analytics.cube import Cube

Json = dict[str, Any]
REFUSED: Final = 2
WEIGHTINGS: Final = ("log-rank", "gehan-breslow", "peto-prentice", "fleming-harrington")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after `python -m analytics`.

    Returns
    -------
    int
        0, or 2 when refused.
    """
    options = _parser().parse_args(arguments)
    try:
        result = options.run(options)
    except AnalyticsError as refusal:
        sys.stderr.write(f"refused: {refusal}\n")
        return REFUSED
    values = plain(result)
    text = json.dumps(values, ensure_ascii=False, allow_nan=False) if options.json else readable(values)
    return _write(text)


def _write(text: str) -> int:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # The reader has gone; Python would complain once more when it closes the stream at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _retention_options(_command(commands, "retention", retention, "curves, restricted means, log-rank test"))
    _incidence_options(_command(commands, "incidence", incidence, "ends that compete, by cause"))
    _case_mix_options(_command(commands, "case-mix", case_mix, "logistic model; observed and expected"))
    _funnel_options(_command(commands, "funnel", funnel, "control limits and over-dispersion"))
    _outcomes_options(
        _command(commands, "outcomes", outcomes, "every definition of an outcome, side by side")
    )
    return parser


def _command(commands: Any, name: str, run: Callable[..., Json], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text)
    parser.add_argument("file", metavar="FILE.csv", help="UTF-8 text with a header line")
    parser.add_argument("--json", action="store_true", help="print JSON, numbers unrounded")
    parser.set_defaults(run=run)
    return parser


def _retention_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time", required=True, metavar="T", help="column: time to the event or censoring")
    parser.add_argument("--event", required=True, metavar="E", help="column: 1 event, 0 censored")
    parser.add_argument("--group", required=True, metavar="G", help="column: what is compared")
    parser.add_argument("--strata", metavar="S", help="column: strata of the test only")
    parser.add_argument("--weighting", default=WEIGHTINGS[0], choices=WEIGHTINGS)
    parser.add_argument("--at", nargs="+", default=[], metavar="TIME", help="times, in the unit of T")
    parser.add_argument("--tau", metavar="TIME", help="horizon of the restricted mean, in the unit of T")


def _incidence_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time", required=True, metavar="T", help="column: time to the end or censoring")
    parser.add_argument(
        "--cause", dest="event", required=True, metavar="C", help="column: 0 censored, 1, 2, …"
    )
    parser.add_argument("--group", required=True, metavar="G", help="column: what is compared")
    parser.add_argument("--at", nargs="+", required=True, metavar="TIME", help="times, in the unit of T")
    parser.set_defaults(strata=None)


def _case_mix_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--outcome", required=True, metavar="Y", help="column: 1, 0 or empty (unknown)")
    parser.add_argument("--terms", required=True, metavar="a,b,C(c)", help="C(x) is categorical")
    parser.add_argument("--reference", action="append", default=[], metavar="c=LEVEL")
    parser.add_argument("--programme", metavar="P", help="column: add observed and expected by programme")


def _funnel_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--observed", required=True, metavar="O", help="column: events")
    volume = parser.add_mutually_exclusive_group(required=True)
    volume.add_argument("--n", metavar="N", help="column: volume; binomial limits")
    volume.add_argument("--expected", metavar="E", help="column: expected events; limits of the ratio")
    parser.add_argument("--variance", metavar="V", help="column: variance of the observed; with --expected")
    parser.add_argument("--unit", metavar="U", help="column: names of the units")


def _outcomes_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--closing-on", metavar="YYYY-MM-DD", help="last day that the file knows about")
    parser.add_argument("--column", action="append", default=[], metavar="NAME=COLUMN", help="its other name")
    parser.add_argument("--only", nargs="+", default=None, metavar="ID", help="definitions to apply")


def retention(options: argparse.Namespace) -> Json:
    """Kaplan-Meier curves, restricted means and log-rank test by group.

    Parameters
    ----------
    options : Namespace
        Options of the command.

    Returns
    -------
    dict
        `groups` and `logrank`, as documented in the README.
    """
    from analytics.survival import kaplan_meier, logrank_test

    times = {text: _time("--at", text) for text in options.at}
    tau = None if options.tau is None else _time("--tau", options.tau)
    cube = _durations(options)
    curve = kaplan_meier(cube, options.group)
    groups = {each: _curve(curve.of(each), times, tau) for each in curve.groups}
    if len(groups) < 2:
        return {"groups": groups, "logrank": None}
    strata = options.strata or ()
    test = logrank_test(cube, options.group, strata, weighting=options.weighting)
    parts = {
        row.group: {"observed": row.observed, "expected": row.expected} for row in test.table.itertuples()
    }
    return {"groups": groups, "logrank": {"chisq": test.chisq, "df": test.df, "p": test.p, "groups": parts}}


def incidence(options: argparse.Namespace) -> Json:
    """Cumulative incidence of causes that compete: `groups`, as documented in the README."""
    from analytics.competing_risks import cumulative_incidence

    times = {text: _time("--at", text) for text in options.at}
    found = cumulative_incidence(_durations(options), options.group)
    groups: Json = {}
    for text, time in times.items():
        for row in found.at(time).to_dict("records"):
            causes = groups.setdefault(row["group"], {}).setdefault(str(row["cause"]), {})
            causes[text] = {name: row[name] for name in ("incidence", "se", "lower", "upper", "survival")}
    return {"groups": groups}


def case_mix(options: argparse.Namespace) -> Json:
    """Logistic case-mix model and, with a programme column, observed and expected.

    Parameters
    ----------
    options : Namespace
        Options of the command.

    Returns
    -------
    dict
        `terms`, `reference`, `loglik`, `c_statistic`, `n`, `unknown`, and `programmes`, which is empty
        without a column.
    """
    from analytics.case_mix import case_mix_model
    from analytics.cube import Cube, CubeSpec, OutcomeSpec

    terms, categorical = _terms(options.terms)
    _different(options, "outcome", "programme", others=terms)
    numeric = tuple(term for term in terms if term not in categorical)
    keys = (options.programme,) if options.programme else ()
    columns = [ColumnSpec(name, ColumnKind.LABEL) for name in keys]
    columns += [ColumnSpec(name, ColumnKind.LABEL, nullable=True) for name in categorical]
    columns += [ColumnSpec(name, ColumnKind.NUMBER) for name in numeric]
    columns.append(ColumnSpec(options.outcome, ColumnKind.BINARY, nullable=True))
    outcomes = (OutcomeSpec("outcome", options.outcome),)
    spec = CubeSpec(keys=keys, outcomes=outcomes, categorical=categorical, numeric=numeric)
    cube = Cube.build(read_text_table(options.file, columns), spec)
    fit = case_mix_model(cube, "outcome", terms, references=_references(options.reference))
    rows = {row.term: {"coef": row.coef, "se": row.se} for row in fit.table.itertuples()}
    model = {"terms": rows, "reference": fit.references, "loglik": fit.loglik, "c_statistic": fit.c_statistic}
    counts = {"n": fit.n, "unknown": fit.unknown}
    return model | counts | {"programmes": _programmes(cube, fit, options.programme) if keys else {}}


def funnel(options: argparse.Namespace) -> Json:
    """Control limits of a funnel and over-dispersion.

    Parameters
    ----------
    options : Namespace
        Options of the command.

    Returns
    -------
    dict
        `method`, `target`, `units`, `overdispersion`.
    """
    from analytics.funnel import control_limits

    limits = control_limits(*_units(options))
    parts = {
        "raw": {"phi": limits.raw.phi, "tau2": limits.raw.tau2},
        "winsorised": {"phi": limits.winsorised.phi, "tau2": limits.winsorised.tau2},
    }
    units = {row["unit"]: _unit(row, limits.levels) for row in limits.table.to_dict("records")}
    return {"method": limits.method, "target": limits.target, "units": units, "overdispersion": parts}


def outcomes(options: argparse.Namespace) -> Json:
    """Every definition of an outcome on the same episodes, as documented in the README."""
    from analytics.outcomes.reading import read_records
    from analytics.side_by_side import side_by_side

    names = dict(_pair("--column", "NAME=COLUMN", pair) for pair in options.column)
    records = read_records(options.file, names, _closing(options.closing_on))
    return side_by_side(records, options.only).in_words()


def _closing(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotEstimable(
            "bad_option", option="--closing-on", expected="a day such as 2026-09-30", got=text
        ) from None


def _pair(option: str, expected: str, pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise NotEstimable("bad_option", option=option, expected=expected, got=pair)
    return name, value


def _durations(options: argparse.Namespace) -> Cube:
    from analytics.cube import Cube, CubeSpec, DurationSpec

    _different(options, "time", "event", "group", "strata")
    columns = [ColumnSpec(options.group, ColumnKind.LABEL), ColumnSpec(options.time, ColumnKind.DURATION)]
    kind = ColumnKind.COUNT if options.run is incidence else ColumnKind.BINARY
    columns.append(ColumnSpec(options.event, kind))
    strata = (options.strata,) if options.strata else ()
    columns += [ColumnSpec(name, ColumnKind.LABEL, nullable=True) for name in strata]
    rows = read_text_table(options.file, columns)
    duration = DurationSpec(options.time, options.event)
    return Cube.build(rows, CubeSpec(keys=(options.group,), strata=strata, duration=duration))


def _curve(curve: Any, times: dict[str, float], tau: float | None) -> Json:
    totals, median = curve.totals.iloc[0], curve.median().iloc[0]
    group: Json = {"n": totals["n"], "events": totals["events"], "median": median["median"]}
    group |= {"median_lower": median["lower"], "median_upper": median["upper"]}
    names = ("survival", "se", "lower", "upper", "at_risk")
    points = curve.at(list(times.values())).to_dict("records") if times else []
    group["at"] = {text: {name: row[name] for name in names} for text, row in zip(times, points, strict=True)}
    mean = None if tau is None else curve.rmst(tau).iloc[0]
    group["rmst"] = None if mean is None else {"tau": tau, "value": mean["rmst"], "se": mean["se"]}
    return group


def _programmes(cube: Cube, fit: Any, by: str) -> Json:
    from analytics.standardisation import indirect_standardisation

    names = ("n", "observed", "expected", "variance", "variance_score", "ratio", "lower", "upper", "p")
    table = indirect_standardisation(cube, fit, by).table
    return {row["programme"]: {name: row[name] for name in names} for row in table.to_dict("records")}


def _units(options: argparse.Namespace) -> tuple[Any, str]:
    if options.variance and not options.expected:
        raise NotEstimable("bad_option", option="--variance", expected="--expected beside it", got="--n")
    _different(options, "observed", "n", "expected", "variance", "unit")
    chosen = {"observed": options.observed, "n": options.n, "expected": options.expected}
    chosen["variance"] = options.variance
    numbers = {name: column for name, column in chosen.items() if column}
    whole = {"observed", "n"}
    columns = [
        ColumnSpec(column, ColumnKind.COUNT if name in whole else ColumnKind.DURATION)
        for name, column in numbers.items()
    ]
    columns += [ColumnSpec(options.unit, ColumnKind.LABEL)] if options.unit else []
    rows = read_text_table(options.file, columns)
    table = rows.rename(columns={column: name for name, column in numbers.items()})
    table["unit"] = rows[options.unit] if options.unit else [str(place + 1) for place in range(len(rows))]
    if options.n:
        _not_beyond(options, rows)
        return table, "binomial"
    _expected_somewhere(options, table)
    return table, "poisson-binomial" if options.variance else "poisson"


def _not_beyond(options: argparse.Namespace, rows: pd.DataFrame) -> None:
    """Refuse more events than volume, naming the lines."""
    beyond = rows[rows[options.observed] > rows[options.n]]
    if len(beyond):
        found = zip(beyond.index, beyond[options.observed], beyond[options.n], strict=True)
        problems = tuple(
            CellProblem(int(line), options.observed, f"at most the {n:g} of {options.n}", f"{events:g}")
            for line, events, n in found
        )
        raise InvalidEpisodes(options.file, problems)


def _expected_somewhere(options: argparse.Namespace, table: pd.DataFrame) -> None:
    """Refuse events of a unit that expected none: its ratio is not a number, and no limit judges it."""
    whole = table.groupby("unit")["expected"].transform("sum")
    beyond = table[(whole == 0) & (table["observed"] > 0)]
    if len(beyond):
        expected = f"0, as the unit expected 0 by {options.expected}"
        problems = tuple(
            CellProblem(int(line), options.observed, expected, f"{events:g}")
            for line, events in zip(beyond.index, beyond["observed"], strict=True)
        )
        raise InvalidEpisodes(options.file, problems)


def _different(options: argparse.Namespace, *names: str, others: Sequence[str] = ()) -> None:
    """Refuse one column in two parts: it would compare a thing with itself."""
    seen = dict.fromkeys(others, "terms")
    for name in names:
        column = getattr(options, name)
        if column in seen:
            expected = f"another column than --{seen[column]}"
            raise NotEstimable("bad_option", option=f"--{name}", expected=expected, got=column)
        if column:
            seen[column] = name


def _unit(row: Mapping[Any, Any], levels: tuple[float, ...]) -> Json:
    limits = {str(level): [row[f"lower_{level}"], row[f"upper_{level}"]] for level in levels}
    outside = None if math.isnan(row["outside"]) else {"level": row["outside"], "side": row["side"]}
    return {"value": row["value"], "limits": limits, "outside": outside}


def _terms(text: str) -> tuple[list[str], tuple[str, ...]]:
    """Names in order, and those written C(name)."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    marked = [re.fullmatch(r"C\((.+)\)", word) for word in words]
    terms = [found[1] if found else word for found, word in zip(marked, words, strict=True)]
    if not terms or len(set(terms)) < len(terms):
        raise NotEstimable(
            "bad_option", option="--terms", expected="different names such as a,C(b)", got=text
        )
    return terms, tuple(found[1] for found in marked if found)


def _references(pairs: Sequence[str]) -> dict[str, str]:
    return dict(_pair("--reference", "VARIABLE=LEVEL", pair) for pair in pairs)


def _time(option: str, text: str) -> float:
    value = parse_number(text)
    if value is None or not math.isfinite(value) or value < 0:
        raise NotEstimable("bad_option", option=option, expected="a number of 0 or more", got=text)
    return value


if __name__ == "__main__":
    sys.exit(main())
