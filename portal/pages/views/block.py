"""The page of one block: as readers get it, the versions that wrote it, and what is said about it."""

from flask import Response, render_template

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.web import get_or_404
from portal.discussion.queries.threads import count_talk
from portal.pages.views.blueprint import blueprint
from portal.protocols.forms import dose_words, labels
from portal.protocols.queries.blocks import find_one
from portal.protocols.queries.versions import find_protocol


@blueprint.get("/p/<public_id>/b/<key>")
@web.public
def block(public_id: str, key: str) -> Response:
    protocol = get_or_404(find_protocol(public_id.upper()))
    found = get_or_404(find_one(protocol, key, i18n.current(), today=utcnow().date()))
    html = render_template(
        "protocols/one_block.html", found=found, page=found.page, block=found.block, labels=labels,
        dose_words=dose_words.in_words, talk=count_talk(protocol.id),
    )  # fmt: skip
    return web.published(html)
