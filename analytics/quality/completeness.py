"""Is what should be there, there: DQ01, DQ02, DQ11, DQ15, DQ18."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from analytics.quality.limits import limits
from analytics.quality.material import Flags, Indicator, Material, of_share, shortfall

FEWEST_RECORDS: Final = 20


def items(material: Material) -> Indicator:
    """DQ01: valid answers of those due; `detail` holds the share of each question."""
    due_all, valid_all, detail = 0, 0, {}
    failing = np.zeros(len(material), dtype=bool)
    for question in material.questions:
        if not question.mandatory:
            continue
        due, valid = material.due(question), material.valid(question)
        count, good = int(due.sum()), int((due & valid).sum())
        due_all, valid_all, failing = due_all + count, valid_all + good, failing | (due & ~valid)
        if count:
            detail[question.name] = good / count
    if not due_all:
        return Indicator(id="DQ01")
    value = valid_all / due_all
    return Indicator(
        id="DQ01", n=due_all, value=value, level=limits()["DQ01"].level(value), detail=detail,
        failing=np.unique(material.numbers[failing]), short=shortfall("DQ01", valid_all, due_all),
    )  # fmt: skip


def whole_records(material: Material) -> Indicator:
    """DQ02: records whose mandatory answers are all valid."""
    whole = np.ones(len(material), dtype=bool)
    for question in material.questions:
        if question.mandatory:
            whole &= ~material.due(question) | material.valid(question)
    return of_share("DQ02", np.ones(len(material), dtype=bool), whole, material.numbers)


def unknown_answers(material: Material) -> Indicator:
    """DQ11: discharges with an unknown reason; `detail` holds the share of unknown answers by question."""
    reason = material.records.raw("discharge_reason")
    detail = {}
    for question in material.questions:
        due = material.due(question)
        if question.has_unknown and due.any():
            detail[question.name] = float((due & material.unknown(question)).sum() / due.sum())
    return of_share("DQ11", ~np.isnan(reason), reason == 99, material.numbers, detail=detail)


def one_value(material: Material) -> Indicator:
    """DQ15: questions that have one and the same answer in 20 records or more."""
    asked, same = 0, {}
    for question in material.questions:
        values = _answers(material, question.name, is_text=question.is_text)
        if len(values) >= FEWEST_RECORDS:
            asked += 1
            if len(np.unique(values)) == 1:
                same[question.name] = float(len(values))
    if not asked:
        return Indicator(id="DQ15")
    level = limits()["DQ15"].level(len(same))
    return Indicator(id="DQ15", n=asked, value=float(len(same)), level=level, detail=same)


def ended_without_reason(material: Material) -> Indicator:
    """DQ18: discharges without a reason and without an exit assessment."""
    records = material.records
    ended = ~np.isnan(records.raw("discharge_day"))
    empty: Flags = np.isnan(records.raw("discharge_reason")) & np.isnan(records.raw("exit_day"))
    found = of_share("DQ18", ended, ended & empty, material.numbers)
    return replace(found, value=float((ended & empty).sum())) if found.n else found


def _answers(material: Material, name: str, *, is_text: bool) -> np.ndarray:
    if is_text:
        texts = material.records.texts(name).astype(str)
        return texts[texts != ""]
    values = material.records.values(name)
    return values[~np.isnan(values)]
