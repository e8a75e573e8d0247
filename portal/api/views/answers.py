"""Answers of the machine interfaces: revalidated by ETag, public without a sign-in, in the form asked for."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import orjson
from flask import Response, abort, g, request
from flask_babel import force_locale

from portal.core import i18n, web
from portal.protocols.forms.copies import Copy

JSON: Final = "application/json"


def as_json(content: Any) -> Response:
    """Plain values as JSON."""
    return as_file(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), JSON)


def as_file(body: bytes | str, mimetype: str) -> Response:
    """A finished body. Anybody's is public and without cookies; with a sign-in or token it stays private."""
    data = body.encode() if isinstance(body, str) else body
    response = _empty(mimetype, hashlib.sha256(data).hexdigest()[:32])
    response.set_data(data)
    response.make_conditional(request)
    return response


def as_copy(copy: Copy) -> Response:
    """A file that is made only when the reader does not have it yet."""
    response = _empty(copy.mimetype, copy.etag)
    response.headers["Content-Disposition"] = f"attachment; filename={copy.name}"
    if not request.if_none_match.contains_weak(copy.etag):
        response.set_data(copy.make())
    response.make_conditional(request)
    return response


def _empty(mimetype: str, etag: str) -> Response:
    """Headers of an answer, where its form is one that the reader takes."""
    if not _accepts(mimetype):
        abort(406, description=f"This is {mimetype}: name it in `Accept`, or leave `Accept` out.")
    response = Response(content_type=mimetype) if ";" in mimetype else Response(mimetype=mimetype)
    private = web.actor_or_none() is not None or g.get("token_owner") is not None
    response.headers["Cache-Control"] = web.PRIVATE if private else web.PUBLISHED
    response.set_etag(etag)
    return response


def _accepts(mimetype: str) -> bool:
    plain = mimetype.split(";", 1)[0]
    offered = [plain, *({JSON} if plain.endswith("+json") else ())]
    return not request.accept_mimetypes or any(kind in request.accept_mimetypes for kind in offered)


@contextmanager
def in_language(lang: str) -> Iterator[None]:
    """Words and numbers in the language asked for, whatever language the request itself is in."""
    with i18n.speaking(lang), force_locale(lang):
        yield


def address(path: str) -> str:
    """A path of this portal as a whole address."""
    return web.public_address() + path
