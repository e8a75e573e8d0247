"""Who asks: nobody in particular, or the holder of a token; and how often each may ask.

A token comes as `Authorization: Bearer` and in no other way. Reading what is public needs none.
"""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar, cast

from flask import abort, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from portal.accounts.services.tokens import Holder, TokenRefused, judge_token
from portal.api.views.blueprint import blueprint, localised, resources
from portal.core.db import utcnow
from portal.core.errors import NotAllowed
from portal.core.sentences import sentence
from portal.extensions import csrf, limiter
from portal.protocols.queries.hiding import check_shown

View = TypeVar("View", bound=Callable[..., Any])
FOR_ADDRESS: Final = "120 per minute"
FOR_HOLDER: Final = "600 per minute"
IN_ADDRESS: Final = frozenset({"access_token", "api_key", "apikey", "token"})
NEEDED: Final = (
    "Send a token as `Authorization: Bearer …`. You make one on your account page, under Tokens for programs."
)
NOT_IN_ADDRESS: Final = (
    "A token in an address ends up in logs and histories: revoke it, and send another one as "
    "`Authorization: Bearer …`."
)


def requires_token(scope: str) -> Callable[[View], View]:
    """Mark a resource that only a token with this scope opens."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            holder = _holder()
            if holder is None:
                _refuse(NEEDED)
            if scope not in holder.scopes:
                raise NotAllowed("token_scope", scope=scope)
            return view(*args, **kwargs)

        guarded.__access__ = "token"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def this_holder() -> Holder:
    """Behind `requires_token`: whom the token stands for."""
    return cast("Holder", _holder())


def _identify() -> None:
    if IN_ADDRESS & set(request.args):
        abort(400, description=NOT_IN_ADDRESS)
    found = _judged()
    if isinstance(found, TokenRefused):
        _refuse(sentence(found), error="invalid_token")


def _refuse_hidden() -> None:
    """After the token: its owner's country, part and office count."""
    check_shown(str((request.view_args or {}).get("public_id", "")).upper())


def _holder() -> Holder | None:
    found = _judged()
    return found if isinstance(found, Holder) else None


def _judged() -> Holder | TokenRefused | None:
    """The token of this request, judged once."""
    if "token_owner" not in g:
        g.token_owner = _judge(request.headers.get("Authorization"))
    return cast("Holder | TokenRefused | None", g.token_owner)


def _judge(header: str | None) -> Holder | TokenRefused | None:
    if header is None:
        return None
    scheme, _, secret = header.strip().partition(" ")
    if scheme.casefold() != "bearer" or not secret.strip():
        return TokenRefused("token_unknown")
    try:
        return judge_token(secret.strip(), now=utcnow())
    except TokenRefused as refusal:
        return refusal


def _refuse(detail: str, **more: str) -> NoReturn:
    asked = WWWAuthenticate("bearer", {"realm": "Treatment Exchange", **more})
    raise Unauthorized(detail, www_authenticate=asked)


def _rate() -> str:
    return FOR_HOLDER if _holder() else FOR_ADDRESS


def _caller() -> str:
    """A token counts for itself; without a good one the address does, a whole network in IPv6."""
    if holder := _holder():
        return f"token:{holder.token_id}"
    try:
        address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 # nobody binds to it
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)


# Every machine interface has this fence. None acts on a cookie, so none needs a form's token.
for _each in (resources, blueprint, localised):
    limiter.shared_limit(_rate, scope="machines", key_func=_caller)(_each)
    csrf.exempt(_each)
resources.before_request(_identify)
resources.before_request(_refuse_hidden)
