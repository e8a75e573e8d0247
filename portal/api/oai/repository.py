"""The repository that OAI-PMH 2.0 harvests: one record a published version, persistent deleted records.

`oaipmh` speaks the protocol; here is what it asks for. Sets are languages, countries and main concepts.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from oaipmh import common, error

from portal.api.schemas.texts import plain
from portal.protocols.dictionary import COUNTRIES, LANGUAGES
from portal.protocols.jsonld import LICENCES
from portal.protocols.queries.harvest import (
    Record,
    Wanted,
    find_earliest,
    list_main_concepts,
    list_records,
)

PREFIX: Final = "oai_dc"
BATCH: Final = 50
SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
IDENTIFIER: Final = re.compile(r"oai:treatment-exchange:(PR-\d{1,8})/(\d{1,4})\.(\d{1,4})")
BEGINNING: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # the library takes moments in UTC without a zone
Value = tuple[str, str]
Header = tuple[Any, Any, None]


@dataclass(frozen=True, slots=True)
class About:
    """Where the repository is, and who answers for it."""

    base: str
    mail: str
    set_name: Callable[[str, str], str]


class Repository:
    """What the server of `oaipmh` calls. Moments go in and out in UTC without a zone, as it has them."""

    def __init__(self, about: About) -> None:
        self._about = about

    def identify(self) -> Any:
        first = find_earliest()
        return common.Identify(
            repositoryName="Treatment Exchange", baseURL=f"{self._about.base}/oai", protocolVersion="2.0",
            adminEmails=[self._about.mail], earliestDatestamp=naive(first) if first else BEGINNING,
            deletedRecord="persistent", granularity="YYYY-MM-DDThh:mm:ssZ", compression=["identity"],
            toolkit_description=False,
        )  # fmt: skip

    def listMetadataFormats(self, identifier: str | None = None) -> list[tuple[str, str, str]]:  # noqa: N802 # the protocol's name
        if identifier is not None:
            _found(identifier)
        return [(PREFIX, SCHEMA, NAMESPACE)]

    def listSets(self, cursor: int = 0, batch_size: int = BATCH, **_more: Any) -> list[tuple[str, str, str]]:  # noqa: N802
        sets = [("lang", lang) for lang in LANGUAGES] + [("country", country) for country in COUNTRIES]
        sets += [("concept", concept) for concept in list_main_concepts()]
        named = [(f"{kind}:{value}", self._about.set_name(kind, value), "") for kind, value in sets]
        return named[cursor : cursor + batch_size]

    def listIdentifiers(self, **asked: Any) -> list[Any]:  # noqa: N802
        return [header for header, _, _ in self.listRecords(**asked)]

    def listRecords(self, cursor: int = 0, batch_size: int = BATCH, **asked: Any) -> list[Header]:  # noqa: N802
        _check_prefix(asked.pop("metadataPrefix"))
        records = list_records(_wanted(**asked), offset=cursor, limit=batch_size)
        return [self._told(record) for record in records]

    def getRecord(self, identifier: str, metadataPrefix: str) -> Header:  # noqa: N802, N803
        _check_prefix(metadataPrefix)
        return self._told(_found(identifier))

    def _told(self, record: Record) -> Header:
        header = common.Header(
            None, identifier_of(record), naive(record.changed_at), sets_of(record), record.withdrawn
        )
        if record.withdrawn:
            return header, None, None
        return header, common.Metadata(None, dublin_core(record, self._about.base)), None


def naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def identifier_of(record: Record) -> str:
    return f"oai:treatment-exchange:{record.version.protocol.public_id}/{record.version.number}"


def sets_of(record: Record) -> list[str]:
    country = record.version.protocol.origin_country
    return [
        *(f"lang:{lang}" for lang in record.languages),
        *([f"country:{country}"] if country else []),
        *(f"concept:{concept}" for concept in record.concepts),
    ]


def dublin_core(record: Record, base: str) -> dict[str, list[Value]]:
    """Elements of Dublin Core, each value with its language or none."""
    version, protocol = record.version, record.version.protocol
    here = f"{base}/{protocol.source_lang}/p/{protocol.public_id}/v/{version.number}"
    return {
        "title": list(_in_languages(record, "title")),
        "creator": [(record.author, "")] if record.author else [],
        "subject": [(label, lang) for labels in record.concepts.values() for lang, label in labels.items()],
        "description": list(_in_languages(record, "summary")),
        "publisher": [("Treatment Exchange", "")],
        "date": [(version.published_at.date().isoformat(), "")] if version.published_at else [],
        "type": [("Text", ""), ("clinical protocol", "en")],
        "format": [("text/html", ""), ("application/json", "")],
        "identifier": [(here, ""), (f"{protocol.public_id} {version.number}", "")],
        "language": [(lang, "") for lang in record.languages],
        "relation": [(f"{base}/p/{protocol.public_id}", "")],
        "coverage": [(protocol.origin_country, "")] if protocol.origin_country else [],
        "rights": [(LICENCES.get(version.licence, version.licence), "")],
    }


def _in_languages(record: Record, name: str) -> Iterable[Value]:
    return ((plain(held[name], lang), lang) for lang, held in record.texts.items() if held.get(name))


def _check_prefix(prefix: str) -> None:
    if prefix != PREFIX:
        raise error.CannotDisseminateFormatError(f"Only {PREFIX} is offered.")


def _found(identifier: str) -> Record:
    match = IDENTIFIER.fullmatch(identifier)
    number = (int(match[2]), int(match[3])) if match else None
    found: Sequence[Record] = (
        list_records(Wanted(public_id=match[1], number=number), limit=1) if match else ()
    )
    if not found:
        raise error.IdDoesNotExistError("There is no such record.")
    return found[0]


def _wanted(
    set: str = "",  # noqa: A002 # the protocol's name
    from_: datetime | None = None,
    until: datetime | None = None,
) -> Wanted:
    kind, _, value = set.partition(":")
    if set and (kind not in ("lang", "country", "concept") or not value):
        raise error.NoRecordsMatchError("There is no such set.")
    since = from_.replace(tzinfo=UTC) if from_ else None
    end = until.replace(tzinfo=UTC, microsecond=999_999) if until else None
    named = {kind: value}
    lang, country, concept = (named.get(name, "") for name in ("lang", "country", "concept"))
    return Wanted(since=since, until=end, lang=lang, country=country, concept=concept)
