"""Rules on plain values: the level of a warning, and what its texts must not hold. No database."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.alerts.dictionary import CLUSTER, Certainty, Level
from portal.core import identifiers

_NUMBER: Final = r"[0-9۰-۹٠-٩]+(?:[.,٫/][0-9۰-۹٠-٩]+)?"
_MONEY: Final = "[$€₽﷼]|руб|rub|tom[ae]n|usd|dollar|euro|rial|тыс|تومان|ریال|دلار|روبل"
_WEIGHT: Final = "mg|µg|mcg|ug|g|ml|мг|мкг|мл|гр?|میلی|میکرو|گرم|سی‌سی|cc"
_AGE: Final = r"year[\s-]*old|y/?o\b|лет|года?\b|летн|ساله"
_MAKING: Final = (
    r"synthesi[sz]|\bcook(?:ed|ing)?\b|precursor|reagent|\brecipe|"
    "синтез|рецепт|прекурсор|реактив|сварить|سنتز|پیش‌ساز|دستور پخت"
)
_SELLING: Final = (
    r"\bsold by\b|\bdealer\b|\bsupplier\b|\bvendor\b|\btelegram\b|\bt\.me\b|\.onion\b|"
    "поставщик|продавец|дилер|телеграм|فروشنده|توزیع‌کننده|تلگرام"
)
# What a text of a warning must not tell: prices, amounts, ways of making, sellers, single people.
_GUARDS: Final = {
    code: re.compile(pattern, re.IGNORECASE)
    for code, pattern in {
        "price_told": rf"[$€₽﷼]\s*{_NUMBER}|{_NUMBER}\s*(?:{_MONEY})",
        "dose_told": rf"{_NUMBER}\s*(?:{_WEIGHT})(?![\wа-яآ-ی])",
        "recipe_told": _MAKING,
        "case_told": rf"{_NUMBER}[\s-]*(?:{_AGE})|\b(?:mr|mrs|ms)\.?\s[a-z]|\bгр\.\s",
        "supplier_told": _SELLING,
    }.items()
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one member of the panel judged."""

    severity: int
    likelihood: int
    certainty: Certainty


def text_faults(text: str, *, addresses: bool = False) -> list[str]:
    """Codes of what a text tells and must not: a price, a dose, a recipe, a supplier, a person.

    `addresses`: where a laboratory or a poison centre is reached may be told; numbers of people still not.
    """
    found = [code for code, pattern in _GUARDS.items() if pattern.search(text)]
    hits = identifiers.scan(text)
    kinds = () if addresses else ("email", "social_handle")
    blocked = any(hit.level == "block" or hit.kind in kinds for hit in hits)
    return [*found, *(["identifier_found"] if blocked else [])]


def certainty_of(opinions: Iterable[Opinion]) -> Certainty:
    """The weaker of the judgements."""
    return max((opinion.certainty for opinion in opinions), default=Certainty.D)


def level_of(opinions: Iterable[Opinion], deaths: str) -> Level:
    """The level that the panel's judgements lead to; of two, the more cautious.

    Severity times likelihood of 6 or more, or any death that is confirmed or presumptive: alert. 3 or 4:
    advisory. Below: information.
    """
    held = list(opinions)
    score = max((o.severity * o.likelihood for o in held), default=0)
    died = deaths not in ("none", "unknown", "")
    if score >= 6 or (died and certainty_of(held) <= Certainty.B):
        return Level.ALERT
    return Level.ADVISORY if score >= 3 else Level.INFORMATION


def is_confirmed_cluster(opinions: Iterable[Opinion], deaths: str) -> bool:
    """Several deaths with certainty A or B: one person alone may issue, a second confirms within a day."""
    return deaths in CLUSTER and certainty_of(opinions) <= Certainty.B


def record_hash(record: Mapping[str, Any]) -> str:
    """Judgements and signatures hold for exactly this content."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Names of the answers that differ, in the order of the new record."""
    names = [*new, *(name for name in old if name not in new)]
    return [name for name in names if (old.get(name) or "") != (new.get(name) or "")]
