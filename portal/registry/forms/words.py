"""Answers and faults in the reader's words: labels of codes, what was expected, what to do."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import i18n
from portal.core.errors import Problem
from portal.core.identifiers import normalise
from portal.registry.dictionary import NOT_APPLICABLE, Code, Dictionary, Group, Variable
from portal.registry.importer.report import said
from portal.registry.rules.coding import DIAGNOSIS

LOOKALIKE: Final = str.maketrans("АВЕКМНРСТХУ", "ABEKMHPCTXY")
FILES_ONLY: Final = ("long_cell", "control", "FORMULA")
"""Faults whose sentences speak of files; in a form they are answers that nobody can read."""
CODE: Final = re.compile(r"[2-9A-HJKMNP-RT-Z]{6}")


def read_case_code(text: str) -> str | None:
    """A case code however it was typed: lower case, no dash, spaces, other digits, Cyrillic look-alikes."""
    plain = re.sub(r"[^0-9A-Z]", "", normalise(text[:100]).upper().translate(LOOKALIKE)).replace("S", "5")
    return f"{plain[:3]}-{plain[3:]}" if CODE.fullmatch(plain) else None


def answer_in_words(variable: Variable, value: Code | None, dictionary: Dictionary) -> str | Markup | None:
    """What an answer says, or None where the question was never put."""
    words = i18n.current()
    missing = {item.code: item.label[words] for item in dictionary.missing}
    if value is None or value in {"", NOT_APPLICABLE}:
        return None
    if str(value).lstrip("-").isdigit() and int(value) in missing and variable.allows_missing:
        return missing[int(value)]
    if variable.kind == "month":
        return i18n.month(str(value))
    if variable.kind in {"icd10", "icd11"}:
        return _diagnosis(str(value), dictionary, words)
    if variable.codes is not None:
        return next((i.label[words] for i in variable.codes.items if i.code == value), str(value))
    return i18n.number(int(value))


def _diagnosis(code: str, dictionary: Dictionary, words: str) -> Markup:
    """The code, and its two parts in words where the lists have them."""
    found, shown = DIAGNOSIS.fullmatch(code), i18n.ltr(code)
    if not found:
        return shown
    parts = [("icd10_chapter", int(found[1])), ("icd10_state", int(found[2]))]
    said_ = [i.label[words] for name, n in parts for i in dictionary.lists[name].items if i.code == n]
    return Markup("{}<br>{}").format(shown, Markup("<br>").join(said_)) if said_ else shown


def group_in_words(
    group: Group, values: Mapping[str, Any], dictionary: Dictionary
) -> list[tuple[str, str | Markup]]:
    """(question, answer) of the questions of a group that have an answer."""
    rows = [
        (v.label[i18n.current()], answer_in_words(v, values.get(v.name), dictionary)) for v in group.variables
    ]
    return [(label, answer) for label, answer in rows if answer is not None]


def sentence_of(problem: Problem, dictionary: Dictionary, *, named: bool = True) -> str:
    """What is wrong with which answer, what was expected and what to do."""
    problem = _in_a_form(problem, dictionary.index.get(problem.field))
    words, version = i18n.current(), dictionary.version
    if problem.code == "Q-PII":
        text = _("This text seems to hold an identifier of a person. Remove it.")
    elif problem.code == "EMPTY":
        text = _no_answer(dictionary.index.get(problem.field))
    else:
        text = f"{said(problem.code, problem.field, words, version=version)[0]} {advice(problem, dictionary)}"
    label = dictionary[problem.field].label[i18n.current()] if problem.field in dictionary else ""
    return f"{label}: {text}" if named and label else text


def _in_a_form(problem: Problem, variable: Variable | None) -> Problem:
    """The fault as a form knows it: there is no cell, and a month outside its range is no month."""
    if variable is None:
        return problem
    if problem.code in FILES_ONLY:
        return replace(problem, code="CODE" if variable.codes or variable.kind == "icd10" else "TYPE")
    return replace(problem, code="TYPE") if (problem.code, variable.kind) == ("RANGE", "month") else problem


def advice(problem: Problem, dictionary: Dictionary) -> str:
    """What to do, in the words of a form where the report speaks of files and codes."""
    variable = dictionary.index.get(problem.field)
    if variable is not None and problem.code in ("TYPE", "RANGE") and variable.kind == "days":
        low, high = i18n.number(variable.low or 0), i18n.number(variable.high or 0)
        return _("Write a whole number of days from %(low)s to %(high)s.", low=low, high=high)
    if variable is not None and (problem.code, variable.kind) == ("TYPE", "month"):
        return _("Write the month as a number or a word and the year with four digits.")
    if problem.code == "CODE" and variable is not None:
        return (
            variable.help[i18n.current()]
            if variable.kind == "icd10" and variable.help
            else _("Choose one of the listed answers.")
        )
    return said(problem.code, problem.field, i18n.current(), version=dictionary.version)[1]


def _no_answer(variable: Variable | None) -> str:
    if variable is not None and variable.allows_missing:
        return _("Answer, or choose a reason under “No answer”.")
    return _("This question needs an answer.")
