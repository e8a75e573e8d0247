"""Contrast and colour vision of the tokens in site.css: WCAG 2.2, and CIEDE2000 under simulated vision."""

import itertools
import math
import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "portal/static/css/site.css").read_text(encoding="utf-8")
ROOTS = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
LIGHT, DARK_ONLY = (dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", root)) for root in ROOTS)
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK_ONLY}
SERIES = ["c1", "c2", "c3", "c4"]
TEXT = [
    ("ink", "bg"), ("ink", "bg-2"), ("ink-2", "bg"), ("ink-2", "bg-2"), ("link", "bg"), ("link", "bg-2"), ("brand", "bg"), ("brand", "brand-3"),
    ("ink", "brand-3"), ("ink-2", "brand-3"), ("on-brand", "brand"), ("on-brand", "brand-2"), ("ok", "bg"), ("warn", "warn-bg"), ("bad", "bg"), ("bad", "bad-bg"), ("ink", "bad-bg"),
    ("on-c", "c1"), ("on-c", "c2"), ("on-c", "c3"), ("on-c4", "c4"), ("on-c4", "c-line"),
]  # fmt: skip
MARKS = [
    ("line-2", "bg"),
    ("line-2", "bg-2"),
    ("c1", "bg"),
    ("c2", "bg"),
    ("c3", "bg"),
    ("c4", "bg"),
    ("c-line", "bg"),
]
# Machado, Oliveira & Fernandes (2009), severity 1.
VISION = {
    "normal": None,
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in values]


def luminance(colour):
    return sum(k * c for k, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(tokens, one, two):
    light, dark = sorted((luminance(tokens[f"--{x}"]) for x in (one, two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen(colour, vision):
    rgb = linear(colour)
    return [min(1, max(0, sum(row[j] * rgb[j] for j in range(3)))) for row in vision] if vision else rgb


def lab(rgb):
    r, g, b = rgb
    xyz = (
        0.4124564 * r + 0.3575761 * g + 0.1804375 * b, 0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        0.0193339 * r + 0.1191920 * g + 0.9503041 * b,
    )  # fmt: skip
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (v / w for v, w in zip(xyz, (0.95047, 1, 1.08883), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one, two):
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    dh = h2 - h1
    dh -= 360 * math.copysign(1, dh) if abs(dh) > 180 else 0
    d_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2
    t = (
        1 - 0.17 * math.cos(math.radians(hm - 30)) + 0.24 * math.cos(math.radians(2 * hm))
        + 0.32 * math.cos(math.radians(3 * hm + 6)) - 0.2 * math.cos(math.radians(4 * hm - 63))
    )  # fmt: skip
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    turn = (
        -2
        * math.sqrt(cm**7 / (cm**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2))))
    )
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, d_h / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 + turn * dc * dh)


def closest(tokens, vision):
    points = [lab(seen(tokens[f"--{s}"], VISION[vision])) for s in SERIES]
    return min(ciede2000(a, b) for a, b in itertools.combinations(points, 2))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_reaches_4_5_to_1(scheme):
    assert {pair: r for pair in TEXT if (r := contrast(SCHEMES[scheme], *pair)) < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_borders_and_marks_reach_3_to_1(scheme):
    assert {pair: r for pair in MARKS if (r := contrast(SCHEMES[scheme], *pair)) < 3} == {}


def test_the_ink_inside_the_focus_halo_carries_the_focus():
    assert contrast(LIGHT, "ink", "focus") >= 3
    assert contrast(LIGHT, "ink", "bg") >= 3


@pytest.mark.parametrize(("scheme", "least"), [("light", 15), ("dark", 10)])
@pytest.mark.parametrize("vision", VISION)
def test_the_four_series_stay_apart(scheme, least, vision):
    assert closest(SCHEMES[scheme], vision) >= least


def test_the_ciede2000_of_a_published_pair():
    """Sharma, Wu & Dalal (2005), pair 1: 2.0425."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
