"""What approvers see of a freeze: their own country exactly and by name, the other one by code and in bands.

Two freezes side by side would otherwise show by subtraction who was admitted to a programme in a month.
Totals follow from what their reader sees, so that no sum gives back what a band holds.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.core.permissions import Actor
from portal.programmes.models import Programme
from portal.releases.builder.rows import Row
from portal.releases.models import EditionFreeze

SMALLEST: Final = 10
STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Count:
    """A number of persons; unless `exact` it is a band that begins at `value`, or "fewer than ten" at 0."""

    value: int
    exact: bool = False

    @property
    def is_small(self) -> bool:
        return not self.exact and self.value < SMALLEST

    @property
    def plain(self) -> int | str:
        """For scripts: a number where it is exact, else a short text."""
        if self.exact:
            return self.value
        return f"<{SMALLEST}" if self.is_small else f"about {self.value}"


@dataclass(frozen=True, slots=True)
class ProgrammeCount:
    """Persons of one programme; `name` is empty when this reader knows it by its code only."""

    country: str
    code: str
    name: str
    persons: Count


@dataclass(frozen=True, slots=True)
class Report:
    """The check report of a freeze as one reader sees it."""

    persons: Count
    countries: dict[str, Count]
    programmes: list[ProgrammeCount]
    left_out: dict[str, Count]
    merged_levels: int
    regions: list[str]

    @property
    def plain(self) -> dict[str, Any]:
        """For scripts, as numbers and texts."""
        return {
            "persons": self.persons.plain,
            "countries": {country: persons.plain for country, persons in self.countries.items()},
            "programmes": [
                {"country": p.country, "code": p.code, "programme": p.name, "persons": p.persons.plain}
                for p in self.programmes
            ],
            "left_out": {reason: persons.plain for reason, persons in self.left_out.items()},
            "merged_levels": self.merged_levels,
            "regions": self.regions,
        }


def banded(persons: int) -> Count:
    """Fewer than ten are one band; above, bands of five."""
    return Count(persons // STEP * STEP if persons >= SMALLEST else 0)


def count_for(reader: Actor, country: str, persons: int) -> Count:
    """Persons of a country or of a programme there, as this reader may see them."""
    return Count(persons, exact=True) if country == reader.country else banded(persons)


def total_for(reader: Actor, countries: Mapping[str, int]) -> Count:
    """All persons: nothing more than what the reader's own countries and bands tell."""
    return banded(sum(count_for(reader, country, n).value for country, n in countries.items()))


def report_for(freeze: EditionFreeze, reader: Actor) -> Report:
    """The check report of a freeze as this reader may see it."""
    stored = json.loads(freeze.report)
    return Report(
        persons=total_for(reader, stored["countries"]),
        countries={country: count_for(reader, country, n) for country, n in stored["countries"].items()},
        programmes=_in_order(stored["programmes"], reader),
        left_out={reason: banded(n) for reason, n in stored["left_out"].items()},
        merged_levels=stored["merged_levels"],
        regions=stored["regions"],
    )


def report_text(
    rows: Sequence[Row],
    programmes: Sequence[Programme],
    codes: Mapping[str, str],
    **checks: object,
) -> str:
    """The report as it is stored: exact, because what a reader sees of it depends on the reader."""
    per_country = Counter(str(row["country"]) for row in rows)
    per_programme = Counter(str(row["programme"]) for row in rows)
    listed = [
        {
            "country": p.country,
            "code": codes[p.code],
            "programme": p.name,
            "named": p.named_publicly,
            "persons": per_programme[p.code],
        }
        for p in programmes
        if p.code in per_programme
    ]
    return json.dumps({"countries": dict(sorted(per_country.items())), "programmes": listed, **checks})


def _in_order(stored: list[dict[str, Any]], reader: Actor) -> list[ProgrammeCount]:
    """By code: the order of names would tell which code belongs to which."""
    return sorted((_programme(row, reader) for row in stored), key=lambda p: (p.country, p.code))


def _programme(row: Mapping[str, Any], reader: Actor) -> ProgrammeCount:
    country, is_named = row["country"], row["named"] or row["country"] == reader.country
    persons = count_for(reader, country, row["persons"])
    return ProgrammeCount(country, row["code"], row["programme"] if is_named else "", persons)
