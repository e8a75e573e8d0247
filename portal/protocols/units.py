"""Units of text: hashes of blocks and fields, and the check that a translation keeps numbers and codes.

Pure: plain values in, plain values out. Digits of three scripts are one; a unit may be written in the
reader's language.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

_DIGITS: Final = {
    code: str(unicodedata.decimal(chr(code)))
    for start in (0x0660, 0x06F0)
    for code in range(start, start + 10)
}
_THOUSANDS: Final = re.compile(r"(?<![\d.])\d{1,3}(?:[,٬\u00a0\u202f]\d{3})+(?!\d)")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]\d{2}[A-Z]{2}\d{2}|[A-Z]\d{2}[A-Z]{2}|\d[A-Z]\d{2}(?:\.\d+)?|[A-Z]{2}\d{2}|"
    r"[A-Z]\d{2}(?:\.\d+)?|CYP\d[A-Z]\d*(?:/\d[A-Z]\d*)?)(?![A-Za-z0-9])"
)
_UNITS: Final = {
    "mg": ("mg", "мг", "میلی‌گرم", "میلیگرم"),
    "µg": ("µg", "mcg", "μg", "мкг", "میکروگرم"),
    "mL": ("ml", "мл", "میلی‌لیتر", "میلیلیتر"),
    "%": ("%", "٪"),
    "≥": ("≥",),
    "≤": ("≤",),
    ">": (">",),
    "<": ("<",),
}
_UNIT: Final = re.compile(
    "|".join(
        rf"(?P<u{i}>"
        + "|".join(
            rf"(?<![^\W\d_]){re.escape(form)}(?![^\W\d_])" if form[0].isalpha() else re.escape(form)
            for form in forms
        )
        + ")"
        for i, forms in enumerate(_UNITS.values())
    ),
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"⟦[^⟦⟧]*⟧")
_TYPED_TOKEN: Final = re.compile(r"\[\[\s*([^\[\]\n]{1,80}?)\s*\]\]")
_FIGURE: Final = r"\d+(?:[.,٫]\d+)?"
_DOSE: Final = re.compile(
    rf"(?<![\w.,٫–—−-])(?:[<>≤≥±+−-]\s?)?{_FIGURE}(?:\s?[–—−-]\s?{_FIGURE})?"
    r"(?:\s?(?:mg|µg|μg|mcg|kg|g|ml|l|iu)(?:/[a-z]+)?(?!\w))?",
    re.IGNORECASE,
)
# ZWNJ and marks of direction stand between digits and words without a meaning of their own.
_MARKS: Final = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest(value: Any) -> str:
    """SHA-256 over canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def block_hash(key: str, section: str, kind: str, *, data: Mapping[str, Any], text: str) -> str:
    """What a translation of the block is bound to: a changed dose makes its condition's translation stale."""
    return digest({"block_key": key, "section": section, "kind": kind, "data": dict(data), "text": text})


def field_hash(key: str, text: str) -> str:
    return digest({"field": key, "text": text})


def content_hash(
    fields: Mapping[str, str],
    block_hashes: Sequence[str],
    concepts: Iterable[tuple[str, str]],
    references: Sequence[Mapping[str, Any]],
) -> str:
    """What an approval is bound to: fields, blocks in order, concept links, references, licence."""
    return digest(
        {
            "fields": dict(fields),
            "blocks": list(block_hashes),
            "concepts": sorted(concepts),
            "references": [dict(reference) for reference in references],
        }
    )


def fold_digits(text: str) -> str:
    """Latin digits and decimal points; half-spaces stay."""
    folded = text.translate(_MARKS).translate(_DIGITS).replace("٫", ".")
    whole = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), folded)
    return re.sub(r"(?<=\d),(?=\d)", ".", whole)


def marked(text: str) -> str:
    """A dose typed as [[2–4 mg]], as every keyboard can, under the signs that keep it in one piece."""
    return _TYPED_TOKEN.sub(r"⟦\1⟧", text)


def hazards(text: str) -> list[str]:
    """Ranges, signs and amounts outside of marks: a sentence from right to left would turn them round."""
    found = [piece.strip() for piece in _DOSE.findall(_TOKEN.sub(" ", text))]
    return list(dict.fromkeys(piece for piece in found if not re.fullmatch(_FIGURE, piece)))


def codes(text: str) -> Counter[str]:
    return Counter(_CODE.findall(fold_digits(text)))


def numbers(text: str) -> Counter[str]:
    """Numbers outside codes; 2.50 and 2.5 are one."""
    bare = _CODE.sub(" ", fold_digits(text))
    return Counter(f"{Decimal(found).normalize():f}" for found in _NUMBER.findall(bare))


def measures(text: str) -> frozenset[str]:
    """Units and signs of comparison that stand in the text, whatever language writes them."""
    names = list(_UNITS)
    return frozenset(
        names[int(found.lastgroup[1:])] for found in _UNIT.finditer(fold_digits(text)) if found.lastgroup
    )


def number_faults(source: str, target: str) -> tuple[str, ...]:
    """What a translation lost or added: `-20` a lost number, `+30` an added one; empty when all is equal."""
    faults = []
    for found in (numbers, codes):
        before, after = found(source), found(target)
        faults += [f"-{value}" for value in sorted((before - after).elements())]
        faults += [f"+{value}" for value in sorted((after - before).elements())]
    before_units, after_units = measures(source), measures(target)
    faults += [f"-{value}" for value in sorted(before_units - after_units)]
    faults += [f"+{value}" for value in sorted(after_units - before_units)]
    return tuple(faults)
