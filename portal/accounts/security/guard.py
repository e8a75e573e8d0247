"""Guards in front of views: second factor set up, fresh proof of identity, terms accepted."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from flask import current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal.accounts.rules import FRESH
from portal.accounts.security.cookies import this_login
from portal.accounts.services.terms import has_accepted_terms
from portal.core.db import utcnow
from portal.core.web import ask_to_sign_in, current_actor

View = TypeVar("View", bound=Callable[..., Any])
ALWAYS: Final = frozenset({"accounts.sign_out", "static"})
# What an account without its second factor may reach besides: set it up.
SET_UP: Final = frozenset({"accounts.factor", "accounts.factor_new", "accounts.factor_confirm"})
# What a login session may reach that began before the factor was set up elsewhere: give a code of it.
PROOF: Final = frozenset({"accounts.again"})


def guard_second_factor() -> Answer | None:
    """Before each request: whoever needs a second factor and came in without it sets it up, or proves it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint in ALWAYS or getattr(view, "__access__", None) == "public":
        return None
    if not current_user.is_authenticated or this_login().second_factor or not current_user.needs_factor:
        return None
    return _to_factor(has_factor=current_user.has_factor)


def _to_factor(*, has_factor: bool) -> Answer | None:
    if request.endpoint in (PROOF if has_factor else SET_UP):
        return None
    if has_factor:
        return ask_to_sign_in("accounts.again")
    return redirect(url_for("accounts.factor"))


def is_fresh(*, now: datetime | None = None) -> bool:
    """Whether the person proved within five minutes who they are."""
    return (now or utcnow()) - this_login().fresh_at < FRESH


def fresh(view: View) -> View:
    """In front of approvals, role changes and exports: ask for password and code when the last proof is old.

    Put it under `requires`. After the proof the person returns to the page. What a form sent goes along by
    the browser's own repetition of the post (307) and is sent after the proof: nothing typed is lost.
    """

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if is_fresh():
            return view(*args, **kwargs)
        return ask_to_sign_in("accounts.again")

    guarded.__fresh__ = True  # type: ignore[attr-defined]
    return cast("View", guarded)


def fresh_with_factor(view: View) -> View:
    """As `fresh`, for whoever has a second factor. The first one is set up right after the password."""
    proven = fresh(view)

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return (proven if current_user.has_factor else view)(*args, **kwargs)

    return cast("View", guarded)


def terms_required(view: View) -> View:
    """In front of comparisons: the present terms of use have to be accepted once. Put it under `requires`."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if has_accepted_terms(current_actor()):
            return view(*args, **kwargs)
        return redirect(url_for("accounts.terms", next=request.full_path.rstrip("?")))

    return cast("View", guarded)
