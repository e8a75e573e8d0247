"""Sentences and rows of the page on data quality: plain numbers as the reader's language writes them."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.core import i18n
from portal.registry.dictionary import CURRENT, load
from portal.registry.quality.report import Line, Part, Quality
from portal.registry.quality.standing import Standing

Rows = list[list[str]]
Shown = tuple[str, str]

COUNTED: Final = frozenset({"DQ15", "DQ17", "DQ18", "DQ20"})
PER_HUNDRED: Final = frozenset({"DQ10"})
INDEXES: Final = frozenset({"DQ12", "DQ21", "DQ23"})
UNITLESS: Final = COUNTED | PER_HUNDRED | INDEXES

TITLES: Final = {
    "DQ01": _l("Answers that are known"),
    "DQ02": _l("Records without a gap"),
    "DQ03": _l("Start assessment within 14 days"),
    "DQ04": _l("Review at half a year (days 154 to 210)"),
    "DQ05": _l("Exit assessment within 14 days of discharge"),
    "DQ06": _l("Follow-ups that reached the patient"),
    "DQ07": _l("Handed in within 30 days"),
    "DQ08": _l("Months with an admission"),
    "DQ09": _l("Units that report"),
    "DQ10": _l("Warnings per 100 records"),
    "DQ11": _l("Discharges with an unknown reason"),
    "DQ12": _l("Round numbers of days, beyond chance"),
    "DQ13": _l("Assessments copied from the one before"),
    "DQ14": _l("Instruments answered in a straight line"),
    "DQ15": _l("Questions that everybody answers alike"),
    "DQ16": _l("Possible duplicates"),
    "DQ17": _l("Numbers of days far from the rest"),
    "DQ18": _l("Discharges without reason and exit assessment"),
    "DQ19": _l("Open episodes not heard of for 90 days"),
    "DQ20": _l("Results too good to be true"),
    "DQ21": _l("Agreement of report and urine test (kappa)"),
    "DQ22": _l("Rows of files that were rejected"),
    "DQ23": _l("Agreement of two people's entries (kappa)"),
    "DQ24": _l("Answers in a translation not validated"),
}
ADVICE: Final = {
    "DQ01": _l("Fill in what is missing, or choose “refused to answer” where the patient would not answer."),
    "DQ02": _l("Each of these records lacks one answer or more."),
    "DQ03": _l("Ask about the last 28 days within two weeks of admission, and enter the day."),
    "DQ04": _l("Invite these patients to a review around the sixth month."),
    "DQ05": _l("Plan the exit assessment together with the discharge."),
    "DQ06": _l("Agree at discharge on how to reach the patient after 90, 180 and 365 days."),
    "DQ07": _l("Enter admissions and discharges at least once a month."),
    "DQ08": _l("Hand in every month; if nobody was admitted, tell the administrator of your country."),
    "DQ10": _l("Look at the warnings of these records: most are settled by one correction."),
    "DQ11": _l("Find out how these treatments ended; a phone call is often enough."),
    "DQ13": _l("Ask anew at every review instead of carrying the last answers over."),
    "DQ14": _l("Check these questionnaires against the paper."),
    "DQ16": _l("Compare these records and remove the one that was entered twice."),
    "DQ18": _l("Enter the reason of discharge."),
    "DQ19": _l("Enter the last contact, or discharge the patients who no longer come."),
    "DQ21": _l("Look at the records in which report and urine test disagree."),
    "DQ22": _l("The sums of a file do not add up. Tell the administrator of the system."),
    "DQ23": _l("Go through the answers that two people entered differently."),
}
LEVELS: Final[dict[str, tuple[object, str]]] = {
    "green": (_l("good"), "done"),
    "amber": (_l("needs work"), "warn"),
    "red": (_l("poor"), "bad"),
    "look": (_l("look at it"), "active"),
    "shown": (_l("no limit"), "idle"),
    "no_cases": (_l("no cases yet"), "idle"),
}
KLASSES: Final = {
    "withdrawal": _l("Withdrawal management"),
    "agonist": _l("Opioid agonist treatment"),
    "antagonist": _l("Opioid antagonist treatment"),
    "outpatient_psychosocial": _l("Outpatient psychosocial treatment"),
    "residential": _l("Residential treatment"),
}
OUTCOMES: Final = {
    "RET-F-180": _l("still in treatment after 180 days"),
    "CMP-TEDS": _l("planned completion"),
    "ABS-28": _l("no use of the main substance in the last 28 days at review"),
}
REASONS: Final = {
    "n": _l("fewer than 20 known"),
    "DQ03": _l("start assessments below 80 percent"),
    "DQ05": _l("exit assessments below 80 percent"),
    "DQ10": _l("records that break a rule"),
    "DQ11": _l("discharge reason unknown for more than 10 percent"),
    "ZZ": _l("demonstration or foreign test data"),
}


def value(line: Line) -> str:
    """The value of an indicator in its unit."""
    return "–" if line.value is None else _in_unit(line.id, line.value)


def _in_unit(name: str, amount: float) -> str:
    if name in COUNTED:
        return i18n.number(int(amount))
    if name in PER_HUNDRED or name in INDEXES:
        return i18n.number(amount, 1 if name in PER_HUNDRED else 2)
    return i18n.percent(amount)


def title(name: str) -> str:
    return str(TITLES[name])


def level(line: Line) -> Shown:
    """Word and shape of a level; what is not collected stands in a list of its own."""
    text, kind = LEVELS[line.level]
    return str(text), kind


def effect(line: Line) -> str:
    """How far it is to the limit, in records or answers."""
    count = i18n.number(line.short)
    if line.id == "DQ01":
        return ngettext(
            "%(count)s more answer makes it good.",
            "%(count)s more answers make it good.",
            line.short,
            count=count,
        )
    return ngettext(
        "%(count)s more in order makes it good.",
        "%(count)s more in order make it good.",
        line.short,
        count=count,
    )


def sentence(line: Line) -> str:
    """What was found, of how many, and from where on it is good."""
    told = {"value": value(line), "n": i18n.number(line.n)}
    if line.id in UNITLESS:
        found = _("%(value)s, from %(n)s looked at.", **told)
    else:
        found = _("%(value)s of %(n)s due.", **told)
    limit = i18n.percent(line.green, 0) if line.id not in UNITLESS else _in_unit(line.id, line.green)
    good = (
        _("Good from %(limit)s on.", limit=limit)
        if line.better == "high"
        else _("Good up to %(limit)s.", limit=limit)
    )
    return f"{found} {good}"


def waiting(found: Quality) -> list[str]:
    """Indicators whose answers the dictionary does not ask for yet."""
    return [title(line.id) for line in found.lines if line.level == "not_collected"]


def advice(line: Line) -> str:
    return str(ADVICE.get(line.id, ""))


def spread(line: Line) -> str:
    """Median and where nine of ten lie; never the smallest or largest, which may be one person."""
    if "median" not in line.detail:
        return ""
    low, middle, high = (i18n.number(round(line.detail[name])) for name in ("p5", "median", "p95"))
    return _(
        "Median %(median)s days; nine of ten between %(low)s and %(high)s.", median=middle, low=low, high=high
    )


def weakest(parts: tuple[Part, ...]) -> Rows:
    """Questions answered least often."""
    return [[_question(part.name), i18n.percent(part.value)] for part in parts]


def half(name: str) -> str:
    year = i18n.digits(name[:4])
    return (
        _("first half of %(year)s", year=year) if name[5] == "1" else _("second half of %(year)s", year=year)
    )


def columns_over_time(halves: Mapping[str, Mapping[str, Line]]) -> list[Shown]:
    return [(_("Indicator"), "head"), *((half(name), "r") for name in _latest_first(halves))]


def rows_over_time(halves: Mapping[str, Mapping[str, Line]]) -> Rows:
    """One row for each indicator, one column for each half-year."""
    names = next(iter(halves.values()), {})
    return [[title(name), *(value(halves[each][name]) for each in _latest_first(halves))] for name in names]


def _latest_first(halves: Mapping[str, Mapping[str, Line]]) -> list[str]:
    """A phone shows two or three: the latest."""
    return sorted(halves, reverse=True)


def gate_row(gate: Standing) -> list[str]:
    return [str(KLASSES[gate.klass]), str(OUTCOMES[gate.outcome]), i18n.number(gate.known)]


def gate_reasons(gate: Standing) -> list[str]:
    return [str(REASONS[name]) for name in gate.failing]


def summary(found: Quality) -> list[tuple[str, str, str | None]]:
    """The three numbers of the head."""
    judged = [line for line in found.lines if line.level in {"green", "amber", "red"}]
    good = sum(line.level == "green" for line in judged)
    still_open = sum(gate.is_open for gate in found.gates)
    return [
        (_("episodes"), i18n.number(found.episodes), None),
        (_("indicators in order"), _part_of(good, len(judged)), None),
        (_("results that may be published"), _part_of(still_open, len(found.gates)), None),
    ]


def _part_of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s", part=i18n.number(part), whole=i18n.number(whole))


def _question(name: str) -> str:
    """Group and label of a question, by the latest dictionary that has it."""
    for version in range(CURRENT, 0, -1):
        dictionary = load(version)
        if name in dictionary:
            variable = dictionary[name]
            group = dictionary.group(variable.group).title[i18n.current()]
            return f"{group}: {variable.label[i18n.current()]}"
    return name
