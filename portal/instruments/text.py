"""Words of instruments in the reader's language: decisions, statuses, scores, bands."""

from collections.abc import Callable
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, pgettext

from analytics.instruments.loader import Band, Where
from analytics.instruments.register import Entry
from portal.core import i18n

DECISIONS: Final = {
    "ship": (_l("items and scores"), "done", _l("Items may be shown and scores computed.")),
    "score": (_l("scores only"), "warn", _l("A score is kept; the wording may not be shown here.")),
    "no": (_l("not taken"), "idle", _l("Neither the wording nor its answers are taken.")),
}
STATUSES: Final = {
    "original": _l("the original"),
    "official": _l("official version"),
    "validated": _l("validated"),
    "working": _l("working translation"),
    "none": _l("none known"),
}
SCORES: Final = {
    "total": _l("Total"),
    "consumption": _l("Consumption (AUDIT-C)"),
    "dependence": _l("Signs of dependence"),
    "harm": _l("Harm"),
    "use": lazy_pgettext("of a score", "Use"),
    "risk": _l("Risk"),
    "protective": _l("Protection"),
    "physical": _l("Physical"),
    "psychological": _l("Psychological"),
    "social": _l("Social relationships"),
    "environment": _l("Environment"),
}
BANDS: Final = {
    "none": lazy_pgettext("of a score", "none"),
    "negative": _l("negative"),
    "positive": _l("positive"),
    "low": _l("low"),
    "minimal": _l("minimal"),
    "mild": _l("mild"),
    "moderate": _l("moderate"),
    "moderately_severe": _l("moderately severe"),
    "substantial": _l("substantial"),
    "severe": _l("severe"),
    "high": _l("high"),
    "hazardous": _l("hazardous"),
    "harmful": _l("harmful"),
    "dependence": _l("dependence likely"),
    "dependence_likely": _l("dependence likely"),
    "attention": _l("needs attention"),
    "usual": _l("as usual"),
    "zone_1": _l("zone I"),
    "zone_2": _l("zone II"),
    "zone_3": _l("zone III"),
    "zone_4": _l("zone IV"),
}
SUBSTANCES: Final = {
    "alcohol": _l("alcohol"),
    "amphetamines": _l("amphetamines"),
    "benzodiazepines": _l("benzodiazepines"),
    "cannabis": _l("cannabis"),
    "cocaine": _l("cocaine"),
    "hallucinogens": _l("hallucinogens"),
    "heroin": _l("heroin"),
    "inhalants": _l("inhalants"),
    "ketamine": _l("ketamine"),
    "opioids": _l("opioids"),
    "other": _l("other substance"),
    "sedatives": _l("sedatives"),
    "tobacco": _l("tobacco"),
}
SEXES: Final = {"1": _l("men"), "2": _l("women")}
_HUNDRED: Final = "_0_100"
_WORDS: Final[dict[str, Callable[[str], Any]]] = {
    "language": i18n.language_name,
    "substance": SUBSTANCES.__getitem__,
    "sex": SEXES.__getitem__,
}


def score_name(name: str) -> str:
    """The name of a score; one that was stretched to a hundred says so."""
    known = str(SCORES[name.removesuffix(_HUNDRED)])
    if not name.endswith(_HUNDRED):
        return known
    return _("%(score)s, from 0 to 100", score=known)


def ranges_of(entry: Entry) -> str | None:
    """Ranges of the scores as tokens: scores keep Latin digits."""
    told = [f"⟦{low:g}–{high:g}⟧" for low, high in entry.ranges]
    return _(", ").join(told) or None


def band_name(band: Band) -> str:
    return str(BANDS[band.code])


def holds_for(where: Where) -> str:
    """For whom a band holds: a language, a substance, a sex; everybody where nothing is said."""
    told = [str(_WORDS[key](value)) for key, value in where]
    return _(", ").join(told) or pgettext("for whom", "everybody")
