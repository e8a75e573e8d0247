"""The blueprint that the modules of this package fill, and what its pages share."""

from portal.core import i18n, web
from portal.core.permissions import Permission
from portal.programmes import catalogue

blueprint = web.bp("programmes", "portal.programmes.views")
MANAGE = Permission.MANAGE_PROGRAMMES


def label(name: str, code: str | int) -> str:
    """The label of a code in the language of the page."""
    return catalogue.label(name, code, i18n.current())
