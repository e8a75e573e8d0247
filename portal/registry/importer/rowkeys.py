"""Keys of a chunk's rows: the file's tokens, the lines of a corrected file, or the place in the file."""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from portal.core.pseudonyms import SHAPE
from portal.registry.importer.keys import Keyer
from portal.registry.importer.mapping import LINE_COLUMN, Plan
from portal.registry.importer.reading import check_texts
from portal.registry.importer.withdrawn import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl


class Keyers(Protocol):
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def keyers(self) -> tuple[Keyer, ...]: ...


class KeyWork(Protocol):
    """What row keys need of the work."""

    @property
    def plan(self) -> Plan: ...
    @property
    def programmes(self) -> Keyers: ...

    file_digest: bytes
    tombstones: frozenset[bytes]
    corrected: "Mapping[int, tuple[bytes, bytes, str]] | None"


@dataclass(slots=True)
class RowKeys:
    """Re-keyed keys; null where there is none. `programme` is the place in the plan's codes."""

    row_key: "pl.Series"
    person_s: "pl.Series"
    has_token: "pl.Series"
    programme: "pl.Series"
    any_token: bool = False
    withdrawn: "pl.Series | None" = None
    faults: "dict[tuple[str, str], pl.Series]" = field(default_factory=dict)

    def columns(self) -> "list[pl.Series]":
        return [
            self.row_key.alias("row_key"), self.person_s.alias("person_s"), self.has_token.alias("has_token"),
            self.programme.alias("programme"),
        ]  # fmt: skip


def row_keys(
    named: "pl.DataFrame", programme: "pl.Series | None", lines: "pl.Series", work: KeyWork
) -> RowKeys:
    """Keys of every row, with faults where a key is missing, malformed or there twice."""
    import polars as pl

    height = named.height
    if programme is None:
        programme = pl.repeat(0, n=height, eager=True, dtype=pl.Int16)
    keys = RowKeys(*_from_cells(named, programme, lines, work), programme)
    keys.any_token = bool(keys.has_token.any())
    if work.corrected is not None and LINE_COLUMN in named.columns:
        _take_corrected(keys, named[LINE_COLUMN], work)
    _find_faults(keys, named, lines, work)
    keys.person_s = keys.person_s.zip_with(keys.person_s.is_not_null(), keys.row_key)
    if work.tombstones:
        keys.withdrawn = _withdrawn(keys, named, work)
    return keys


def _from_cells(
    named: "pl.DataFrame", programme: "pl.Series", lines: "pl.Series", work: KeyWork
) -> "tuple[pl.Series, pl.Series, pl.Series]":
    import polars as pl

    plan, no_token = work.plan, pl.repeat(value=False, n=named.height, eager=True)
    nobody = pl.Series("person_s", [None], dtype=pl.Binary).new_from_index(0, named.height)
    if plan.token:
        tokens = _tokens(named[plan.token])
        nobody = _rekeyed(tokens, programme, work)
        no_token = nobody.is_not_null()
    return _rekeyed(_row_tokens(named, lines, work), programme, work), nobody, no_token


def _row_tokens(named: "pl.DataFrame", lines: "pl.Series", work: KeyWork) -> "pl.Series":
    """What the row key is made from: a token as it is, an id of a trial within its profile, or the place."""
    import polars as pl

    plan = work.plan
    if plan.key is None:
        head = f"{plan.profile}:{work.file_digest.hex()}:"
        return pl.select(pl.lit(head) + lines.cast(pl.String)).to_series()
    raw = named[plan.key]
    if plan.is_template:
        return _tokens(raw)
    stripped = raw.str.strip_chars()
    return pl.select(pl.lit(f"{plan.profile}:key:") + stripped).to_series()


def _tokens(raw: "pl.Series") -> "pl.Series":
    """Cells that are tokens; null elsewhere."""
    fits = raw.str.contains(SHAPE).fill_null(value=False)
    return raw if fits.all() else raw.set(~fits, None)


def _rekeyed(texts: "pl.Series", programme: "pl.Series", work: KeyWork) -> "pl.Series":
    import polars as pl

    keyers = work.programmes.keyers
    if len(keyers) == 1:
        made = _many(keyers[0], texts)
    else:
        made = [
            keyers[place].s(text) if text is not None and place is not None else None
            for text, place in zip(texts.to_list(), programme.to_list(), strict=True)
        ]
    return pl.Series("s", made, dtype=pl.Binary)


def _many(keyer: Keyer, texts: "pl.Series") -> "list[bytes | None]":
    if not texts.null_count():
        return list(keyer.many(texts.to_list()))
    return [keyer.s(text) if text is not None else None for text in texts.to_list()]


def _take_corrected(keys: RowKeys, lines: "pl.Series", work: KeyWork) -> None:
    """A corrected row without a key is the one that waits under its `_line`."""
    import polars as pl

    known = work.corrected or {}
    found = [
        known.get(line) if line is not None else None for line in lines.cast(pl.Int64, strict=False).to_list()
    ]
    missing = (
        keys.row_key.is_null() if work.plan.is_template else pl.repeat(value=True, n=len(lines), eager=True)
    )
    places = {code: place for place, code in enumerate(work.programmes.codes)}
    missing &= pl.Series([entry is not None and entry[2] in places for entry in found])

    def taken(own: "pl.Series", values: "list[object]", dtype: "type[pl.DataType]") -> "pl.Series":
        return pl.Series(values, dtype=dtype).zip_with(missing, own)

    keys.row_key = taken(keys.row_key, [e and e[0] for e in found], pl.Binary)
    keys.person_s = taken(keys.person_s, [e and e[1] for e in found], pl.Binary)
    keys.has_token = taken(keys.has_token, [e is not None and e[0] != e[1] for e in found], pl.Boolean)
    keys.programme = taken(keys.programme, [places.get(e[2]) if e else None for e in found], pl.Int16)


def _find_faults(keys: RowKeys, named: "pl.DataFrame", lines: "pl.Series", work: KeyWork) -> None:

    plan = work.plan
    if plan.key is not None:
        raw = named[plan.key]
        _check_key_texts(raw, lines, template=plan.is_template)
        none = keys.row_key.is_null() & keys.programme.is_not_null()
        if none.any():
            keys.faults["EMPTY", plan.key] = none & raw.is_null()
            keys.faults["TYPE", plan.key] = none & raw.is_not_null()
    twice = keys.row_key.is_duplicated() & keys.row_key.is_not_null()
    if twice.any():
        keys.faults["DUPKEY", plan.key or ""] = twice
    if plan.token:
        raw = named[plan.token]
        _check_key_texts(raw, lines, template=True)
        odd = raw.is_not_null() & keys.person_s.is_null()
        if odd.any():
            keys.faults["TYPE", plan.token] = odd


def _withdrawn(keys: RowKeys, named: "pl.DataFrame", work: KeyWork) -> "pl.Series":
    """Rows of people who withdrew, by the pseudonym that came or by a key that the store once held."""
    import polars as pl

    marks, keyers = work.tombstones, work.programmes.keyers
    nobody = [None] * named.height
    tokens = _tokens(named[work.plan.token]).to_list() if work.plan.token else nobody
    rows = zip(keys.programme.to_list(), tokens, keys.row_key.to_list(), keys.person_s.to_list(), strict=True)

    def is_marked(place: int | None, token: str | None, *stored: bytes | None) -> bool:
        if place is None:
            return False
        keyer = keyers[place]
        return (token is not None and keyer.tombstone(token) in marks) or any(
            mark_of(keyer, key) in marks for key in stored if key is not None
        )

    return pl.Series([is_marked(*row) for row in rows], dtype=pl.Boolean)


def _check_key_texts(raw: "pl.Series", lines: "pl.Series", *, template: bool) -> None:
    """What is no token may be a name or a number of a document."""
    fits = raw.str.contains(SHAPE if template else r"^[A-Za-z]{0,3}[0-9]{1,6}$").fill_null(value=True)
    if not fits.all():
        odd = raw.filter(~fits).unique().to_list()
        check_texts(raw, dict.fromkeys(odd, 1), raw.name, lines)


def digest_of(frames: "Iterable[pl.DataFrame]") -> bytes:
    """Hash of all normalised rows: with the line it makes a key where a file has none."""
    import polars as pl

    digest = hashlib.blake2b(digest_size=16)
    for frame in frames:
        rows = frame.select(pl.concat_str(pl.all().fill_null(""), separator="\x1f")).to_series()
        digest.update("\x1e".join(rows.to_list()).encode())
    return digest.digest()
