"""What stands where a withdrawn protocol was: title, authors, citation, dates, reason, replacement."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.web import actor_or_none
from portal.protocols.forms import fate_words, labels
from portal.protocols.policies import can_see
from portal.protocols.queries.endings import find_tombstone
from portal.protocols.queries.page import Page
from portal.protocols.queries.versions import find_version

GONE = 410


def tombstone(public_id: str, number: tuple[int, int] | None = None) -> Response:
    """410 with the tombstone; 404 where nothing was ever published."""
    stone = web.get_or_404(find_tombstone(public_id.upper(), i18n.current(), number=number))
    version, actor = find_version(stone.version_id), actor_or_none()
    staff = actor is not None and version is not None and can_see(actor, version, assigned=False)
    html = render_template(
        "protocols/tombstone.html", stone=stone, labels=labels, words=fate_words, staff=staff
    )
    response = web.published(html)
    if response.status_code != 304:
        response.status_code = GONE
    return response


def staff_link(page: Page) -> bool:
    """Whether this reader works on the protocol and is offered its notices and checks."""
    actor = actor_or_none()
    return actor is not None and can_see(actor, page.version, assigned=False)
