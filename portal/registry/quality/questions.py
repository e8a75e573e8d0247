"""What each version of the dictionary asks of whom, as plain values for the indicators."""

from collections.abc import Iterable
from dataclasses import replace

from analytics.quality.material import UNKNOWN_CODES, Question
from portal.registry.dictionary import Dictionary, Group, Variable, load

MOST_DAYS_OF_USE = 28


def questions_of(versions: Iterable[int]) -> tuple[Question, ...]:
    """Questions of these versions, in the order of the latest; each knows which versions ask it."""
    found: dict[str, Question] = {}
    for version in sorted(set(versions), reverse=True):
        dictionary = load(version)
        for variable in dictionary.answers:
            asked = found.get(variable.name) or _question(variable, dictionary)
            found[variable.name] = replace(asked, versions=asked.versions | {version})
    return tuple(found.values())


def _question(variable: Variable, dictionary: Dictionary) -> Question:
    codes = variable.codes.codes if variable.codes else ()
    group = dictionary.group(variable.group)
    return Question(
        name=variable.name,
        mandatory=variable.mandatory,
        anchor="" if group.always else _anchor(group),
        has_unknown=any(code in UNKNOWN_CODES for code in codes),
        is_text=variable.kind in {"icd10", "month"} or any(isinstance(code, str) for code in codes),
        is_days=variable.kind == "days" and (variable.high or 0) > MOST_DAYS_OF_USE,
    )


def _anchor(group: Group) -> str:
    """The answer without which a group was never recorded: its day, else its first mandatory one."""
    days = [variable.name for variable in group.variables if variable.base == "day"]
    mandatory = [variable.name for variable in group.variables if variable.mandatory]
    return (days or mandatory or [group.variables[0].name])[0]
