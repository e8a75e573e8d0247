"""What a dictionary is made of, as frozen objects: texts, codes, lists, variables, groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LANGUAGES: Final = ("en", "ru", "fa")
EPISODE: Final = "episode"
ENTERED: Final = "entered"
PORTAL: Final = "portal"
TRANSIENT: Final = "transient"
DERIVED: Final = "derived"
SUM_OF_WEEKS: Final = "sum of four weeks"

Code = int | str


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in the three languages of the portal."""

    en: str
    ru: str
    fa: str

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


@dataclass(frozen=True, slots=True)
class Item:
    """A code of a list. `facts` are what rules and editions know of it (group, chapter, countries)."""

    code: Code
    label: Text
    facts: Mapping[str, Any]

    @property
    def number(self) -> int:
        """The code as records hold it: M20 is 20, a letter its place in the alphabet of computers."""
        text = str(self.code)
        digits = text.lstrip("M")
        return int(digits) if digits.lstrip("-").isdigit() else ord(text[0])

    @property
    def profile_only(self) -> bool:
        """Arises from mapped files; never offered to a clinician."""
        return bool(self.facts.get("profile_only", False))

    @property
    def skipped(self) -> bool:
        """Stands where a question does not apply; set by the skip logic, not chosen from a list."""
        return bool(self.facts.get("skipped", False))

    def offered_in(self, country: str) -> bool:
        return not self.profile_only and country in self.facts.get("countries", (country,))


@dataclass(frozen=True, slots=True, eq=False)
class CodeList:
    """A list of codes. Two lists are the same only if they are one object, so a list can be a key."""

    name: str
    items: tuple[Item, ...]
    verified: bool

    def __getitem__(self, code: Code) -> Item:
        return next(item for item in self.items if item.code == code)

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(item.code for item in self.items)

    @property
    def lettered(self) -> bool:
        """Whether codes are written otherwise than records hold them."""
        return any(isinstance(item.code, str) for item in self.items)

    def where(self, fact: str, *values: Any) -> tuple[Code, ...]:
        return tuple(item.code for item in self.items if item.facts.get(fact) in values)


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the template and of the record. `name` is unique; `group` says what it belongs to."""

    name: str
    base: str
    group: str
    kind: str  # key, month, code, multi, days, number, decimal, icd10, icd11
    required: str
    klass: str
    label: Text
    help: Text | None
    codes: CodeList | None
    low: int | None
    high: int | None
    allows_missing: bool
    default: int | None
    sensitive: bool
    requires_with: tuple[str, ...]
    source: str = ENTERED
    into: str = ""  # of a transient answer: what it is turned into
    formula: str = ""
    otherwise: str = ""  # what the answer is where it is not asked
    stored: bool = True
    asked_if: str = ""  # skip logic, in the language of the rules
    countries: tuple[str, ...] = ()
    may_not_apply: bool = False
    unverified: tuple[str, ...] = ()

    @property
    def mandatory(self) -> bool:
        """Within its group, if the group is there at all."""
        return self.required.endswith("m")

    @property
    def conditional(self) -> bool:
        """Due where its condition holds."""
        return self.required.endswith("c") and bool(self.asked)

    @property
    def stage(self) -> str:
        return self.required[0]

    @property
    def is_week(self) -> bool:
        """One of four inputs whose sum is the answer."""
        return self.formula == SUM_OF_WEEKS

    @property
    def asked(self) -> str:
        """When the question is put at all, countries included; empty: always."""
        where = f"country in [{', '.join(self.countries)}]" if self.countries else ""
        parts = [part for part in (where, self.asked_if) if part]
        return " and ".join(f"({part})" for part in parts) if len(parts) > 1 else "".join(parts)

    @property
    def skippable(self) -> bool:
        """Whether the code for “does not apply” may stand here."""
        return self.allows_missing and (self.may_not_apply or bool(self.asked))

    @property
    def has_codes(self) -> bool:
        """Whether a wrong value is a wrong code, not a number out of range."""
        return self.codes is not None or self.kind in {"icd10", "icd11"}


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that stand or fall together: a substance, a review, the discharge.

    `variables` are entered; `others` are given by the portal, judged in memory only, or derived.
    """

    name: str
    base: str
    title: Text
    number: int | None
    variables: tuple[Variable, ...]
    others: tuple[Variable, ...] = ()
    always: bool = False
    record: str = EPISODE
    storage: str = EPISODE

    def of(self, source: str) -> tuple[Variable, ...]:
        return tuple(variable for variable in self.others if variable.source == source)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One version. `groups` are those of an episode; `records` holds the groups of the other record types."""

    version: int
    sha256: str
    since: str
    groups: tuple[Group, ...]
    records: Mapping[str, tuple[Group, ...]]
    lists: Mapping[str, CodeList]
    missing: tuple[Item, ...]
    index: Mapping[str, Variable]  # what may be entered or sent
    every: Mapping[str, Variable]  # and what is derived or given by the portal

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(variable for group in self.groups for variable in group.variables)

    @property
    def answers(self) -> tuple[Variable, ...]:
        """Every variable but the keys."""
        return tuple(variable for variable in self.variables if variable.kind != "key")

    @property
    def stored(self) -> tuple[Variable, ...]:
        """The answers, and what is derived once and kept beside them."""
        return self.answers + tuple(variable for variable in self.of(DERIVED) if variable.stored)

    @property
    def readable(self) -> tuple[Variable, ...]:
        """What a file or a form may hold: the answers, and those that are judged and dropped."""
        return self.answers + self.of(TRANSIENT)

    def of(self, source: str) -> tuple[Variable, ...]:
        return tuple(variable for group in self.groups for variable in group.of(source))

    def __getitem__(self, name: str) -> Variable:
        return self.index[name]

    def __contains__(self, name: object) -> bool:
        return name in self.index

    def group(self, name: str) -> Group:
        return next(group for group in self.groups if group.name == name)
