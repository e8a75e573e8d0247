"""Which fields of a block's data differ. A field gathers the values that a reader sees as one thing."""

from collections.abc import Mapping
from typing import Any, Final

# Fields in the order in which a line is read; values in none of them are fields of their own.
GATHERED: Final[Mapping[str, tuple[str, ...]]] = {
    "drug": ("drug", "medicine"),
    "phase": ("phase",),
    "route": ("route",),
    "dose": ("dose_min", "dose_max", "unit", "per", "step_min", "step_max"),
    "interval": ("times_min", "times_max", "every_min", "every_max", "every_unit", "after_min", "after_max"),
    "ceiling": ("ceiling", "ceiling_low", "ceiling_per"),
    "observe": ("observe_min", "observe_max"),
    "source": ("source", "page"),
    "quote": ("source_quote", "quoted"),
    "verify": ("verify",),
    "certainty": ("certainty",),
    "strength": ("strength",),
    "references": ("references",),
}
_HOME: Final = {value: name for name, values in GATHERED.items() for value in values}


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Names of the fields that differ, in reading order."""
    names = dict.fromkeys([*GATHERED, *(_HOME.get(value, value) for value in (*old, *new))])
    return [name for name in names if values_of(name, old) != values_of(name, new)]


def held_fields(data: Mapping[str, Any]) -> list[str]:
    """Names of the fields that say anything."""
    return changed_fields({}, data)


def values_of(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one field. The unit of a line belongs to every amount of the line."""
    values = {value: data[value] for value in GATHERED.get(name, (name,)) if value in data}
    if name == "ceiling" and values and "unit" in data:
        values["unit"] = data["unit"]
    return values
