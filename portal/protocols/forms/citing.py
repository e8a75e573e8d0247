"""How the page of a version is cited: its item, the ready citations, the items of its references."""

from typing import Final

from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.protocols.citations import items, styles
from portal.protocols.queries.page import Page

READ: Final = "{address}/{lang}/p/{public_id}/v/{number}"


def address_of(page: Page, address: str) -> str:
    """The address that never shows another text."""
    return READ.format(
        address=address, lang=page.lang, public_id=page.protocol.public_id, number=page.version.number
    )


def item_of(page: Page, address: str) -> items.Item:
    """The version in the language of the page as a CSL-JSON item."""
    published = page.version.published_at
    return items.of_edition(
        items.Edition(
            public_id=page.protocol.public_id,
            number=page.version.number,
            title=page.title.text,
            lang=page.title.lang,
            authors=(page.author,),
            published_on=published.date() if published else None,
            url=address_of(page, address),
            publisher=_("Treatment Exchange"),
            demonstration=page.protocol.demonstration,
        )
    )


def citations(page: Page, address: str) -> tuple[tuple[str, Markup], ...]:
    """(style, citation as clean HTML), made once for each version, language and process."""
    item = item_of(page, address)
    made = styles.formatted(item, page.lang)
    return tuple((style, _isolated(Markup(text), item)) for style, text in made)  # noqa: S704 # nh3 cleaned it


def _isolated(text: Markup, item: items.Item) -> Markup:
    """No name turns the year behind it round, and no sentence a number or an address."""
    pieces = [(name["literal"], "<bdi>{}</bdi>") for name in item.get("author", ())]
    pieces += [(item[field], '<bdi dir="ltr">{}</bdi>') for field in ("number", "URL") if item.get(field)]
    for piece, around in pieces:
        text = text.replace(escape(piece), Markup(around).format(piece))  # noqa: S704 # one of the two above
    return text


def works_of(page: Page) -> list[items.Item]:
    """The references of the version as items."""
    return items.of_works(page.references)
