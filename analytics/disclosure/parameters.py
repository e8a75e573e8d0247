"""Every parameter of disclosure control, and nothing else.

Code constants: no request, setting or role changes them. The hash of this list is bound into approvals,
stored with each edition and printed under every result.
"""

import hashlib
from typing import Final

import orjson

SIGMA: Final = 3
"""Standard deviation of the noise of one public cell."""

SUPPORT: Final = 23
"""Largest noise: beyond it the probability is below 2^-56."""

NOISE_THRESHOLDS: Final = (
    0x675,
    0x5513,
    0x3AE24,
    0x2456CB,
    0x1416C13,
    0x9F441BC,
    0x46C144C6,
    0x1C30BC35E,
    0xA13843A4C,
    0x33B7B0E64E,
    0xEE57474F83,
    0x3DAC617C4F7,
    0xE58A45714E4,
    0x3009B0F4FB04,
    0x90DA62497827,
    0x189CD5B612E9B,
    0x3C6A0CA141C60,
    0x8621428902633,
    0x10DF30A3D5A771,
    0x1EDE0B74D13595,
    0x3383F9D39DEFCF,
    0x4EC66C8E727F1E,
    0x6EFA7C881D310F,
    0x91058377E2CEF2,
    0xB13993718D80E3,
    0xCC7C062C621032,
    0xE121F48B2ECA6C,
    0xEF20CF5C2A5890,
    0xF79DEBD76FD9CE,
    0xFC395F35EBE3A1,
    0xFE7632A49ED166,
    0xFF6F259DB687DA,
    0xFFCFF64F0B04FD,
    0xFFF1A75BA8EB1D,
    0xFFFC2539E83B0A,
    0xFFFF11A8B8B07E,
    0xFFFFCC484F19B3,
    0xFFFFF5EC7BC5B5,
    0xFFFFFE3CF43CA3,
    0xFFFFFFB93EBB3B,
    0xFFFFFFF60BBE45,
    0xFFFFFFFEBE93EE,
    0xFFFFFFFFDBA936,
    0xFFFFFFFFFC51DD,
    0xFFFFFFFFFFAAEE,
    0xFFFFFFFFFFF98C,
    0x100000000000000,
)
"""ceil(CDF(v) * 2^56) of the discrete Gaussian, v = -SUPPORT .. SUPPORT: integers, equal on every machine."""

SMALLEST_COUNT: Final = 10
"""Noisy counts below max(this, 2 sigma of the sum) are shown as "fewer than"."""

RATE_DENOMINATOR: Final = 50
"""Public rates need a noisy denominator of at least this."""

CLIP_BELOW: Final = 200
"""Denominators below this clip rates at CLIP_WIDE, others at CLIP_NARROW."""

CLIP_WIDE: Final = (5, 95)
CLIP_NARROW: Final = (1, 99)
"""Percent beyond which a rate is shown as a bound only."""

NORMAL_QUANTILE: Final = "1.96"
"""Quantile of the 95 % interval of a public rate, as text so that the hash never depends on a float."""

MAX_DIMENSIONS: Final = 3
MAX_TABLES: Final = 36
"""Limits of the catalogue: sum of 1/(2 sigma^2) over its tables stays at 2 or less."""

EDITION_PERSONS: Final = 400
EDITION_PERSONS_PER_COUNTRY: Final = 100
"""An edition needs this many eligible persons."""

GROUP_PROGRAMMES: Final = 3
GROUP_PERCENT: Final = 60
"""A region group or protocol level: at least so many programmes, none above this share of its persons."""

KNOWN: Final = 30
"""P1: a programme's result needs so many known outcomes."""

EXPECTED: Final = 5
"""P2: observed/expected needs so many expected successes and failures."""

AT_RISK: Final = 10
"""P3: a curve is cut where fewer are at risk."""

CAUSE: Final = 10
"""P4: an ending with fewer persons is a band."""

NEWLY_KNOWN: Final = 30
"""P8: a programme's result is refreshed only when so many newly known persons joined."""

COMPARED: Final = 3
"""P10: a comparison holds at least so many programmes."""

FUNNEL_PROGRAMMES: Final = 5
"""Below this many shown programmes there is a table and no funnel."""

PARAMETERS: Final[dict[str, int | str | tuple[int, ...]]] = {
    "sigma": SIGMA,
    "noise_thresholds": tuple(NOISE_THRESHOLDS),
    "smallest_count": SMALLEST_COUNT,
    "rate_denominator": RATE_DENOMINATOR,
    "clip_below": CLIP_BELOW,
    "clip_wide": CLIP_WIDE,
    "clip_narrow": CLIP_NARROW,
    "normal_quantile": NORMAL_QUANTILE,
    "max_dimensions": MAX_DIMENSIONS,
    "max_tables": MAX_TABLES,
    "edition_persons": EDITION_PERSONS,
    "edition_persons_per_country": EDITION_PERSONS_PER_COUNTRY,
    "group_programmes": GROUP_PROGRAMMES,
    "group_percent": GROUP_PERCENT,
    "P1_known": KNOWN,
    "P2_expected": EXPECTED,
    "P3_at_risk": AT_RISK,
    "P4_cause": CAUSE,
    "P8_newly_known": NEWLY_KNOWN,
    "P10_compared": COMPARED,
    "funnel_programmes": FUNNEL_PROGRAMMES,
}


def parameter_hash() -> str:
    """Return SHA-256 (hex) of the parameters as canonical JSON, every number written as text."""
    listed = {name: _text(value) for name, value in PARAMETERS.items()}
    return hashlib.sha256(orjson.dumps(listed, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _text(value: int | str | tuple[int, ...]) -> str | list[str]:
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)
