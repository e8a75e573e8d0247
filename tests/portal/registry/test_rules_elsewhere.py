"""Rules of exported rows, of instruments, of retired codes, and of what was normalised."""

from types import SimpleNamespace

import polars as pl
import pytest

from portal.registry.dictionary import CodeList, Item, Text, load
from portal.registry.rules.coding import encode_month
from portal.registry.rules.elsewhere import broken_exports, judge_instrument
from portal.registry.rules.expanding import _retired
from portal.registry.rules.language import compile_rule

TEDS = {"EMPLOY": [4, 3, 3, -9], "DETNLF": [2, -9, 2, 2], "PSOURCE": [7, 7, 7, 1], "DETCRIM": [1, 1, 1, -9]}


def test_a_detail_without_its_main_answer_stops_an_export():
    (place,) = broken_exports(pl.DataFrame(TEDS))
    assert (place.code, place.rows.to_list()) == ("R19", [False, False, True, True])
    assert broken_exports(pl.DataFrame({name: values[:2] for name, values in TEDS.items()})) == ()


@pytest.mark.parametrize(
    ("instrument", "items", "permitted", "result"),
    [
        ("AUDIT", True, False, "pass"), ("BAM", True, False, None), ("nobody", True, False, "fail"),
        ("nobody", True, True, "pass"), ("nobody", False, False, "pass"),
    ],
)  # fmt: skip
def test_items_of_an_instrument_need_a_licence(instrument, items, permitted, result):
    said = judge_instrument(instrument, items=items, permitted=permitted)
    licence = next(
        (i.facts["licence"] for i in load(2).lists["instrument"].items if i.code == instrument), "no"
    )
    assert said.result == (result or ("pass" if licence == "ship" else "fail"))


def test_a_retired_code_is_wrong_after_its_month_and_right_before():
    words = Text("old", "old", "old")
    codes = CodeList("old", (Item(1, words, {"until": "2025-03"}), Item(2, words, {})), verified=True)
    dictionary = SimpleNamespace(answers=[SimpleNamespace(name="old", codes=codes)])
    months = [encode_month(m) for m in ("2025-03", "2025-04", "2025-04")]
    frame = pl.DataFrame({"old": [1, 1, 2], "admission_month": months})
    said = frame.select(compile_rule(_retired(dictionary), {}).alias("x"))["x"].to_list()
    assert said == [False, True, False]
