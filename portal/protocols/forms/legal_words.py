"""The legal status of a country in words: since when it is known to hold, or that nobody knows it."""

from flask_babel import gettext as _

from portal.core import i18n
from portal.protocols.queries.page import Legal


def since(row: Legal) -> str:
    """The day of the last check; after its year what it says is not verified."""
    if row.checked_on is None:
        return _("never checked")
    if row.is_expired:
        return _("not verified since %(date)s", date=i18n.month(row.checked_on))
    return _("checked: %(date)s", date=i18n.day(row.checked_on))


def is_verified(row: Legal) -> bool:
    return row.checked_on is not None and not row.is_expired
