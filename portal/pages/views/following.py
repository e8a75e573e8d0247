"""What the reader follows: every thing by its name, how soon news of it come, and a way to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from portal.accounts.forms import COUNTRY_NAMES, RHYTHM_NAMES
from portal.accounts.models import Subscription
from portal.accounts.queries import list_subscriptions
from portal.accounts.rules import RHYTHMS
from portal.core import i18n
from portal.core.forms import PlainForm
from portal.core.notify.kinds import Rhythm
from portal.core.web import current_actor, requires
from portal.pages.views.blueprint import blueprint
from portal.protocols.queries.naming import find_titles
from portal.vocabulary.queries import find_labels

KIND_NAMES: Final[dict[str, Any]] = {
    "protocol": _l("Protocol"),
    "concept": _l("Concept"),
    "country": _l("Protocols of a country"),
    "language": _l("Translations into a language"),
    "thread": _l("Discussion"),
    "collection": _l("Collection"),
    "alerts": _l("Early warnings"),
}
OFFERED: Final = (
    ("alerts", "all"), ("alerts", "IR"), ("alerts", "RU"), ("country", "IR"), ("country", "RU"),
    *(("language", tag) for tag in i18n.LOCALES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Followed:
    """One line of the list. `lang` is the language of the name, where it is a title."""

    kind: str
    target: str
    rhythm: str
    name: str
    lang: str = ""
    url: str = ""


@blueprint.get("/me/following")
@requires()
def following() -> str:
    mine = list_subscriptions(current_actor().id)
    held = {(s.kind, s.target) for s in mine}
    more = [(kind, target, _own_name(kind, target)) for kind, target in OFFERED if (kind, target) not in held]
    return render_template(
        "pages/following.html",
        followed=_named(mine),
        offered=more,
        kinds=KIND_NAMES,
        rhythms=[(code, RHYTHM_NAMES[Rhythm(code)]) for code in RHYTHMS],
        plain=PlainForm(),
    )


def _named(mine: Sequence[Subscription]) -> list[Followed]:
    lang = i18n.current()
    titles = find_titles({s.target for s in mine if s.kind == "protocol"}, lang)
    labels = find_labels({s.target for s in mine if s.kind == "concept"}, lang)
    return [_line(s, titles.get(s.target), labels.get(s.target)) for s in mine]


def _line(s: Subscription, title: Any, label: str | None) -> Followed:
    if s.kind == "protocol" and title:
        url = url_for("pages.protocol", public_id=s.target, slug=title.slug)
        return Followed(s.kind, s.target, s.rhythm, title.text, title.lang, url)
    if s.kind == "concept" and label:
        return Followed(s.kind, s.target, s.rhythm, label, url=url_for("pages.concept", concept_id=s.target))
    return Followed(s.kind, s.target, s.rhythm, _own_name(s.kind, s.target))


def _own_name(kind: str, target: str) -> str:
    """What a thing without a page of its own is called."""
    if kind == "language" and target in i18n.LOCALES:
        return i18n.language_name(target)
    if kind == "alerts" and target == "all":
        return str(_l("both countries"))
    return str(COUNTRY_NAMES.get(target, target))
