"""From the columns of a file to the columns of the template, by the header alone or by a profile and a map.

A `Plan` is made once from the header and applied to every chunk. It yields text cells still: everything is
read and judged afterwards, whatever the file looked like.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import Dictionary
from portal.registry.importer.header import NOTES
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.teds import from_teds, precision_of
from portal.registry.profiles import TEMPLATE, FileMap, Profile

if TYPE_CHECKING:
    import polars as pl

LINE_COLUMN: Final = NOTES[0]
NOT_RECORDED: Final = "-5"
DROPPED_OUT: Final = "31"


@dataclass(slots=True)
class Mapped:
    """A chunk in template columns, still text. `programme` indexes the plan's codes, null where none fits."""

    cells: "pl.DataFrame"
    programme: "pl.Series | None" = None
    faults: dict[tuple[str, str], "pl.Series"] = field(default_factory=dict)
    day_precision: "pl.Series | None" = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each column of this file."""

    names: tuple[str, ...]
    profile: str
    profile_version: int
    programmes: tuple[str, ...]
    kept: tuple[str, ...]  # source columns whose cells may be kept with a rejected row
    ignored: tuple[str, ...]
    key: str | None  # source column of the row key; None: made from the place in the file
    token: str | None
    admission_precision: int
    transform: "Callable[[pl.DataFrame], Mapped]"
    source_of: Mapping[str, str]  # template column to source column, for messages
    words: tuple[str, ...] = ()  # texts of the file that its map gives a meaning to

    @property
    def is_template(self) -> bool:
        return self.profile == TEMPLATE

    @property
    def header(self) -> tuple[str, ...]:
        """Names that may be kept: those of ignored columns are the centre's own words."""
        return tuple("" if name in self.ignored else name for name in self.names)

    @property
    def has_lines(self) -> bool:
        return LINE_COLUMN in self.names


def template_plan(names: Sequence[str], programme_code: str, dictionary: Dictionary) -> Plan:
    """The file has the template's columns; groups that are never used may be left out."""
    known = [name for name in names if name not in NOTES]
    for name in known:
        if name not in dictionary:
            raise FileRefused("unknown_column", line=1, column=name)
    made = {dictionary[name].into for name in known}
    for variable in dictionary.variables:
        due = variable.kind == "key" or (dictionary.group(variable.group).always and not variable.asked)
        if variable.mandatory and due and variable.name not in {*known, *made}:
            raise FileRefused("MAP", line=1, column=variable.name)
    answers = [name for name in known if dictionary[name].kind != "key" and dictionary[name].stored]
    return Plan(
        tuple(names), TEMPLATE, 1, (programme_code,), tuple(answers), (), "source_key",
        "person_token" if "person_token" in known else None, 1,
        Mapped, {name: name for name in known},
    )  # fmt: skip


def profile_plan(names: Sequence[str], profile: Profile, file_map: FileMap, dictionary: Dictionary) -> Plan:
    """The file follows a profile; every column is used, or confirmed as ignored."""
    present = [name for name in names if name not in NOTES]
    sources = _sources(present, profile)
    wanted = {file_map.programme_column, file_map.arm_column} - {""}
    wanted |= {source for source, _ in file_map.recodes.values()}
    for name in wanted:
        if name not in present:
            raise FileRefused("MAP", line=1, column=name)
    _check_constants(profile, file_map, dictionary)
    key = next((name for name in profile.key_columns if name in present), None)
    used = {*sources.values(), *wanted, *((key,) if key else ())}
    ignored = tuple(name for name in present if name not in used)
    for name in ignored:
        if name not in file_map.ignored and name not in profile.ignored:
            raise FileRefused("unknown_column", line=1, column=name)
    made = teds_columns if profile.name == "teds-d-like" else trial_columns
    kept = tuple(name for name in present if name in used and name != key)

    def transform(cells: "pl.DataFrame") -> Mapped:
        return made(cells, sources, profile, file_map)

    return Plan(
        tuple(names), profile.name, profile.version, file_map.programme_codes, kept, ignored, key, None,
        profile.admission_precision, transform, _messages(sources, file_map), file_map.words,
    )  # fmt: skip


def _sources(present: Sequence[str], profile: Profile) -> dict[str, str]:
    """The file's own name of each column of the profile."""
    found = {}
    for target, aliases in profile.columns.items():
        name = next((alias for alias in aliases if alias in present), None)
        if name is None:
            raise FileRefused("MAP", line=1, column=target)
        found[target] = name
    return found


def _check_constants(profile: Profile, file_map: FileMap, dictionary: Dictionary) -> None:
    """Month and main substance are asked at upload where the file has none."""
    given = {*profile.constants, *file_map.constants, *file_map.recodes}
    if profile.name == "trial-like":
        for name in ("admission_month", "substance_1_code"):
            if name not in given:
                raise FileRefused("mapping", what=name)
    unknown = [name for name in given if name not in dictionary]
    if unknown:
        raise FileRefused("mapping", what=unknown[0])


def _messages(sources: Mapping[str, str], file_map: FileMap) -> dict[str, str]:
    by_target = {target: source for target, (source, _) in file_map.recodes.items()}
    days, status = sources.get("days", ""), sources.get("status", "")
    trial = {"last_contact_day": days, "discharge_day": days, "discharge_reason": status}
    return trial | {"modality": file_map.arm_column} | by_target


def trial_columns(
    cells: "pl.DataFrame", sources: Mapping[str, str], profile: Profile, file_map: FileMap
) -> Mapped:
    """Days in treatment, and the discharge where it ended."""
    import polars as pl

    days, status = cells[sources["days"]], cells[sources["status"]].str.strip_chars()
    ended = (status == file_map.event).fill_null(value=False)
    faults = {}
    odd = ~status.is_in(["0", "1", file_map.event]).fill_null(value=False)
    if odd.any():
        faults["CODE", sources["status"]] = odd
    exit_answers = {name: _where(ended, NOT_RECORDED) for name in ("exit_labour", "exit_living_where")}
    made: dict[str, Any] = {
        "last_contact_day": days,
        "discharge_day": pl.select(pl.when(ended).then(days)).to_series(),
        "discharge_reason": _where(ended, DROPPED_OUT),
        **exit_answers,
    }
    mapped = _assembled(cells, made, profile, file_map)
    mapped.faults |= faults
    return mapped


def teds_columns(
    cells: "pl.DataFrame", sources: Mapping[str, str], profile: Profile, file_map: FileMap
) -> Mapped:
    made = from_teds({target: cells[source] for target, source in sources.items()}, profile.raw)
    mapped = _assembled(cells, made, profile, file_map)
    mapped.day_precision = precision_of(cells[sources["LOS"]], profile.raw)
    return mapped


def _assembled(cells: "pl.DataFrame", made: Mapping[str, Any], profile: Profile, file_map: FileMap) -> Mapped:
    import polars as pl

    columns: dict[str, Any] = {
        name: pl.lit(value) for name, value in {**profile.constants, **file_map.constants}.items()
    }
    columns |= made
    columns |= {t: _recoded(cells[source], table) for t, (source, table) in file_map.recodes.items()}
    if file_map.arms:
        columns["modality"] = _looked_up(cells, file_map.arm_column, file_map.arms)
    programme = _programme(cells, file_map)
    unknown = {("REF", file_map.programme_column): programme.is_null()} if programme.null_count() else {}
    frame = cells.select([value.alias(name) for name, value in columns.items()])
    return Mapped(frame, programme, unknown)


def _programme(cells: "pl.DataFrame", file_map: FileMap) -> "pl.Series":
    import polars as pl

    places = {code: str(place) for place, code in enumerate(file_map.programme_codes)}
    table = {value: places[code] for value, code in file_map.programmes.items()}
    found = _looked_up(cells, file_map.programme_column, table)
    series = found if isinstance(found, pl.Series) else cells.select(found.alias("p")).to_series()
    if len(series) != cells.height:
        series = series.new_from_index(0, cells.height)
    return series.cast(pl.Int16)


def _looked_up(cells: "pl.DataFrame", column: str, table: Mapping[str, str]) -> Any:
    """The table's value for each cell; `*` for every other cell, or for all when there is no column."""
    import polars as pl

    if not column:
        return pl.lit(table["*"])
    return _recoded(cells[column], {k: v for k, v in table.items() if k != "*"}, table.get("*"))


def _recoded(raw: "pl.Series", table: Mapping[str, str], other: str | None = None) -> "pl.Series":
    """Values by the table; without a table they stay as they are."""
    import polars as pl

    if not table:
        return raw
    return raw.str.strip_chars().replace_strict(
        list(table), list(table.values()), default=other, return_dtype=pl.String
    )


def _where(rows: "pl.Series", text: str) -> "pl.Series":
    import polars as pl

    return pl.select(pl.when(rows).then(pl.lit(text))).to_series()
