"""How the reader wants to be told: a rhythm and a place for each kind, or one rhythm for a whole group."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import RHYTHM_NAMES
from portal.accounts.services import notices as verbs
from portal.accounts.views import notice_words
from portal.accounts.views.blueprint import blueprint
from portal.core import i18n, web
from portal.core.forms import PlainForm
from portal.core.notify.kinds import Group, Kind, Rhythm, choosable
from portal.core.permissions import Role
from portal.core.web import current_actor, requires

Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind as its reader has it now."""

    kind: Kind
    rhythm: Rhythm
    on_site: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group of the page, folded: its line says what is inside."""

    group: Group
    choices: list[Choice]

    @property
    def line(self) -> str:
        """“at once: 3, once a week: 5”"""
        count = Counter(choice.rhythm for choice in self.choices)
        return _(", ").join(f"{RHYTHM_NAMES[r]}: {i18n.number(count[r])}" for r in Rhythm if count[r])


@blueprint.route("/me/notices/settings", methods=["GET", "POST"])
@requires()
def notice_settings() -> Page:
    form = PlainForm()
    if form.validate_on_submit():
        verbs.choose(_defaults() if "defaults" in request.form else _sent(), by=current_actor())
        web.flash_done(_("Saved."))
        return redirect(url_for("accounts.notice_settings"))
    page = render_template(
        "accounts/notice_settings.html", form=form, groups=list(_groups()), names=notice_words,
        rhythms=RHYTHM_NAMES,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _groups() -> Iterable[Chosen]:
    known = queries.list_choices(current_actor().id)
    for group, kinds in groupby(_offered(), key=lambda kind: kind.group):
        yield Chosen(group, [_choice(kind, known.get(kind.key)) for kind in kinds])


def _choice(kind: Kind, known: Any) -> Choice:
    if known is None:
        return Choice(kind, kind.rhythm, kind.site)
    return Choice(kind, Rhythm(known.rhythm), known.on_site)


def _offered() -> list[Kind]:
    """Kinds that can reach this reader: the mark of the audit goes to administrators only."""
    administers = {Role.COUNTRY_ADMIN, Role.SYSTEM_ADMIN} & current_actor().role_codes
    kinds = [kind for kind in choosable() if administers or kind.key != "audit_head"]
    return sorted(kinds, key=lambda kind: list(notice_words.GROUP_NAMES).index(kind.group))


def _sent() -> dict[str, tuple[str, bool]]:
    """What was sent: for each kind a known rhythm, its group's before its own, and a tick for the site."""
    form = request.form
    sent = {kind.key: form.get(f"all-{kind.group}") or form.get(f"rhythm-{kind.key}") for kind in _offered()}
    known = {key: value for key, value in sent.items() if value in set(Rhythm)}
    return {key: (str(value), f"site-{key}" in form) for key, value in known.items()}


def _defaults() -> dict[str, tuple[str, bool]]:
    return {kind.key: (kind.rhythm, kind.site) for kind in _offered()}
