"""A request of OAI-PMH, answered. What `oaipmh` cannot see or would trip over is refused before it does."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs, unquote

from oaipmh import common, error, metadata, server

from portal.api.oai.repository import BATCH, NAMESPACE, PREFIX, SCHEMA, Repository

DC: Final = "http://purl.org/dc/elements/1.1/"
XML: Final = "http://www.w3.org/XML/1998/namespace"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
VERBS: Final = ("Identify", "ListMetadataFormats", "ListSets", "ListIdentifiers", "ListRecords", "GetRecord")
IN_TOKEN: Final = frozenset({"cursor", "batch_size", "metadataPrefix", "set", "from_", "until"})
FURTHEST: Final = 10_000_000
LONGEST: Final = 1000
Arguments = Sequence[tuple[str, Sequence[str]]]


def answer(repository: Repository, arguments: Arguments) -> bytes:
    """The XML of an answer; every fault is an answer too."""
    registry = metadata.MetadataRegistry()
    registry.registerWriter(PREFIX, _write)
    serving = server.BatchingServer(repository, registry, resumption_batch_size=BATCH)
    serving._tree_server = _Trees(serving._tree_server._server, registry)  # noqa: SLF001 # the only way in
    try:
        _check(arguments)
    except error.ErrorBase as refusal:
        code, text = refusal.oainame(), str(refusal)
        return _xml(serving._tree_server._outputErrors([(code, text)]))  # noqa: SLF001
    body: bytes = serving.handleRequest({name: values[0] for name, values in arguments})
    return body


def _xml(tree: Any) -> bytes:
    from io import BytesIO

    written = BytesIO()
    tree.write(written, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written.getvalue()


class _Trees(server.XMLTreeServer):
    """The last page of a list that came in pages ends with an empty token, as the protocol asks."""

    def _outputResuming(self, element: Any, input_func: Any, output_func: Any, kw: dict[str, Any]) -> None:  # noqa: N802
        super()._outputResuming(element, input_func, output_func, kw)
        if "resumptionToken" in kw and not element.findall(server.nsoai("resumptionToken")):
            element.append(element.makeelement(server.nsoai("resumptionToken"), {}))


def _check(arguments: Arguments) -> None:
    for name, values in arguments:
        if len(values) != 1:
            raise error.BadArgumentError("An argument is repeated.")
        if len(values[0]) > LONGEST or not name.isprintable() or not values[0].isprintable():
            raise error.BadArgumentError("An argument is too long or holds signs that XML cannot carry.")
    given = {name: values[0] for name, values in arguments}
    verb = given.get("verb", "")
    if verb not in VERBS:
        raise error.BadVerbError("The verb is missing or is none of OAI-PMH 2.0.")
    if "resumptionToken" in given:
        _check_token(given["resumptionToken"], verb)


def _check_token(token: str, verb: str) -> None:
    """A token is a state that went through foreign hands."""
    held = parse_qs(unquote(token), keep_blank_values=True)
    fits = set(held) <= IN_TOKEN and all(len(values) == 1 for values in held.values())
    cursor = held.get("cursor", [""])[0]
    known = cursor.isascii() and cursor.isdecimal() and int(cursor) <= FURTHEST
    listing = verb == "ListSets" or held.get("metadataPrefix") == [PREFIX]
    if not (fits and known and listing and _dated(held)):
        raise error.BadResumptionTokenError("This token is none of ours: begin the list again.")


def _dated(held: dict[str, list[str]]) -> bool:
    from oaipmh.datestamp import DatestampError, datestamp_to_datetime

    try:
        for name in ("from_", "until"):
            for value in held.get(name, ()):
                datestamp_to_datetime(value)
    except DatestampError:
        return False
    return True


def _write(element: Any, about: common.Metadata) -> None:
    """Dublin Core in the schema's order; titles, descriptions and subjects say their language."""
    spaces = {"oai_dc": NAMESPACE, "dc": DC, "xsi": XSI}
    place = {f"{{{XSI}}}schemaLocation": f"{NAMESPACE} {SCHEMA}"}
    whole = element.makeelement(f"{{{NAMESPACE}}}dc", place, spaces)
    element.append(whole)
    for name, values in about.getMap().items():
        for value, lang in values:
            said = whole.makeelement(f"{{{DC}}}{name}", {f"{{{XML}}}lang": lang} if lang else {})
            said.text = value
            whole.append(said)
