"""Invented results as geometry for the server's drawings and as figures for Plotly."""

import math
import random
from typing import Any

from flask import g

from portal.core import i18n

WIDTH, LEFT, TOP = 760, 60, 12
C1, C2, LINE, CONTEXT, INK = "#0a7078", "#ce4414", "#d6dfe0", "#7b8b91", "#15262b"


def isolate(text: str) -> str:
    return i18n.rtl_lines(text) if g.lang == "fa" else text


def frame(height: int = 400, right: int = 16) -> dict[str, Any]:
    return {
        "width": WIDTH, "height": height, "left": LEFT, "right": WIDTH - right, "top": TOP, "bottom": height - 52,
        "x_ticks": [], "y_ticks": [], "x_title": "",
    }  # fmt: skip


def scale(value: float, low: float, high: float, start: float, end: float) -> float:
    return round(start + (value - low) / (high - low) * (end - start), 1)


def programmes() -> list[dict[str, Any]]:
    rng, rows = random.Random(11), []
    for i in range(24):
        n = int(math.exp(rng.uniform(math.log(40), math.log(640))))
        share = 0.62 + rng.gauss(0, 0.8) * math.sqrt(0.62 * 0.38 / n)
        rows.append({"name": f"IR-{i + 1:02d}", "n": n, "share": share, "out": False, "own": i == 2})
    rows[4] |= {"n": 212, "share": 0.735, "out": True}
    rows[17] |= {"n": 388, "share": 0.512, "out": True}
    return rows


def limit(n: float, z: float) -> float:
    return 0.62 + z * math.sqrt(0.62 * 0.38 / n)


def funnel(t: dict[str, Any]) -> dict[str, Any]:
    f = frame()

    def x(n: float) -> float:
        return scale(math.log(n), math.log(20), math.log(720), f["left"], f["right"])

    def y(share: float) -> float:
        return scale(share, 0.3, 0.95, f["bottom"], f["top"])

    lines = [(kind, z) for kind, z in (("l95", 1.96), ("l95", -1.96), ("l998", 3.09), ("l998", -3.09))]
    sizes = [20 * 1.08**i for i in range(47)]
    f["limits"] = [
        (kind, " ".join(f"{x(n)},{y(limit(n, z))}" for n in sizes if 0.3 <= limit(n, z) <= 0.95))
        for kind, z in lines
    ]
    f["points"] = [
        {"x": x(r["n"]), "y": y(r["share"]), "out": r["out"], "own": r["own"], "name": r["name"],
         "title": f"{i18n.ltr_text(r['name'])}: {i18n.percent(r['share'])}"} for r in programmes()
    ]  # fmt: skip
    f |= {"mean": y(0.62), "x_title": t["ax_n"]}
    f["x_ticks"] = [(x(n), i18n.number(n)) for n in (20, 50, 100, 200, 500)]
    f["y_ticks"] = [(y(s / 10), i18n.percent(s / 10, 0)) for s in range(3, 10)]
    return f


def funnel_plot(t: dict[str, Any]) -> dict[str, Any]:
    """What analytics.figures hands over: data and layout in the light palette."""
    rows = programmes()
    traces = [
        {"type": "scatter", "mode": "lines", "x": [20 * 1.08**i for i in range(47)],
         "y": [limit(20 * 1.08**i, z) for i in range(47)], "hoverinfo": "skip", "line": {"color": CONTEXT, "width": 1.25, "dash": dash}}
        for z, dash in ((1.96, "dot"), (-1.96, "dot"), (3.09, "solid"), (-3.09, "solid"))
    ]  # fmt: skip
    for out in (False, True):
        some = [r for r in rows if r["out"] is out]
        traces.append({
            "type": "scatter", "mode": "markers+text" if out else "markers", "x": [r["n"] for r in some],
            "y": [r["share"] for r in some], "text": [r["name"] for r in some], "textposition": "middle right",
            "marker": {"color": C2 if out else C1, "size": 13 if out else 9, "symbol": "diamond" if out else "circle"},
            "hoverinfo": "text",
            "hovertext": [isolate(f"{t['ax_share']}: {i18n.percent(r['share'])}") for r in some],
        })  # fmt: skip
    layout = {
        "xaxis": {"type": "log", "range": [math.log10(20), math.log10(720)], "tickvals": [20, 50, 100, 200, 500],
                  "ticktext": [i18n.number(n) for n in (20, 50, 100, 200, 500)], "title": {"text": isolate(t["ax_n"])}},
        "yaxis": {"range": [0.3, 0.95], "tickvals": [0.4, 0.6, 0.8], "ticktext": [i18n.percent(s, 0) for s in (0.4, 0.6, 0.8)],
                  "gridcolor": LINE},
        "shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.62, "y1": 0.62, "line": {"color": INK, "width": 1.75}}],
    }  # fmt: skip
    return {"data": traces, "layout": layout}


def survival(t: dict[str, Any]) -> dict[str, Any]:
    f = frame(right=150)
    curves = []
    for slot, label, end in (("c1", t["methadone"], 0.6), ("c2", t["buprenorphine"], 0.37)):
        steps = [(d, 1 - (1 - end) * (d / 168) ** 0.6) for d in range(0, 169, 14)]
        path, upper, lower = "", "", ""
        for d, s in steps:
            x, y = scale(d, 0, 168, f["left"], f["right"]), scale(s, 0, 1, f["bottom"], f["top"])
            path += f"H{x}V{y}" if path else f"M{x} {y}"
            upper += f"{'L' if upper else 'M'}{x} {y - 14 * d / 168:.1f}"
            lower = f"L{x} {y + 14 * d / 168:.1f}{lower}"
        curves.append(
            {
                "slot": slot,
                "path": path,
                "band": f"{upper}{lower}Z",
                "label": label,
                "x": f["right"] + 8,
                "y": y + 4,
            }
        )
    f["curves"] = curves
    f["x_ticks"] = [(scale(d, 0, 168, f["left"], f["right"]), i18n.number(d)) for d in range(0, 169, 28)]
    f["y_ticks"] = [
        (scale(s, 0, 1, f["bottom"], f["top"]), i18n.percent(s, 0)) for s in (0, 0.25, 0.5, 0.75, 1)
    ]
    f["x_title"] = t["ax_days"]
    return f


def dots(t: dict[str, Any]) -> dict[str, Any]:
    f = frame(height=60 + 40 * 6)
    f["left"] = 120
    f["rows"] = []
    for i, r in enumerate(programmes()[:6]):
        half = 1.96 * math.sqrt(0.62 * 0.38 / r["n"])
        x, low, high = (
            scale(v, 0.3, 0.95, f["left"], f["right"])
            for v in (r["share"], r["share"] - half, r["share"] + half)
        )
        f["rows"].append(
            {
                "y": 34 + 40 * i,
                "x": x,
                "low": low,
                "high": high,
                "label": r["name"],
                "out": r["out"],
                "own": r["own"],
                "title": r["name"],
            }
        )
    f |= {
        "reference": scale(0.62, 0.3, 0.95, f["left"], f["right"]),
        "label_x": 100,
        "x_title": t["ax_share"],
    }
    f["x_ticks"] = [
        (scale(s / 10, 0.3, 0.95, f["left"], f["right"]), i18n.percent(s / 10, 0)) for s in range(3, 10, 2)
    ]
    return f


def bars(t: dict[str, Any]) -> dict[str, Any]:
    """Category bars mirror in Persian: they grow from the right."""
    f, rtl = frame(height=60 + 46 * 3), g.lang == "fa"
    start, end = (WIDTH - 170, 16) if rtl else (170, WIDTH - 16)
    f |= {
        "left": min(start, end),
        "right": max(start, end),
        "label_x": WIDTH - 160 if rtl else 160,
        "label_anchor": "start" if rtl else "end",
        "rows": [],
    }
    for i, label in enumerate((t["opioids"], t["alcohol"], t["stimulants"])):
        at, parts = start, []
        for slot, share in (("c1", 0.5 - 0.06 * i), ("c3", 0.25), ("ctx", 0.25 + 0.06 * i)):
            width = abs(end - start) * share
            parts.append(
                {
                    "x": round(at - width if rtl else at, 1),
                    "w": round(width, 1),
                    "slot": slot,
                    "text": i18n.percent(share, 0),
                    "title": i18n.percent(share, 0),
                }
            )
            at += -width if rtl else width
        f["rows"].append({"y": 20 + 46 * i, "h": 30, "label": label, "parts": parts})
    return f


def all_of(t: dict[str, Any]) -> dict[str, Any]:
    return {
        "funnel": funnel(t), "funnel_plot": funnel_plot(t), "survival": survival(t), "dots": dots(t), "bars": bars(t),
        "programmes": programmes(),
    }  # fmt: skip
