"""From the reader's page to a document in words, in the language in force."""

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.core import i18n
from portal.protocols.forms import labels
from portal.protocols.forms.document import legal, notices, sections
from portal.protocols.forms.document.shape import Document, Work
from portal.protocols.queries.page import Page
from portal.protocols.queries.reading import Around

GLANCE = ("population", "setting", "condition", "substance", "intervention")


def document(
    page: Page,
    around: Around,
    *,
    address: str,
    demonstration: bool,
    citations: Sequence[tuple[str, str]] = (),
) -> Document:
    """The page as a document. `address` is where the portal is found; `citations` are (style, text)."""
    version, public_id = page.version, page.protocol.public_id
    numbers = {work.key: place for place, work in enumerate(page.references, 1)}
    said = sections.saying(version.published_at)
    return Document(
        lang=page.lang,
        public_id=public_id,
        number=version.number,
        address=f"{address}/{page.lang}/p/{public_id}/v/{version.number}",
        newest=f"{address}/p/{public_id}",
        licence=labels.LICENCES[version.licence],
        title=said(page.title),
        lead=said(page.summary) if page.summary.text else None,
        strip=notices.strip(page, demonstration=demonstration),
        notices=tuple(notices.of(page, around)),
        facts=tuple(_facts(page)),
        laws=legal.laws(page, around.country, said),
        glance=tuple(_glance(page)),
        sections=tuple(sections.of(page, numbers, said)),
        works=tuple(_works(page)),
        change_note=said(page.change_note) if page.change_note else None,
        citations=tuple(citations),
        words=_words(),
        published_on=version.published_at.date().isoformat() if version.published_at else "",
    )


def _facts(page: Page) -> list[str]:
    version = page.version
    facts = [_("Version %(version)s", version=f"⟦{version.number}⟧")]
    if version.published_at:
        facts.append(_("Published: %(date)s", date=i18n.day(version.published_at)))
    if page.lang != page.protocol.source_lang:
        facts.append(
            _(
                "%(language)s: %(share)s of version %(version)s",
                language=i18n.LOCALES[page.lang].name,
                share=i18n.percent(page.translated.share, 0),
                version=f"⟦{version.number}⟧",
            )
        )
    return facts


def _glance(page: Page) -> list[tuple[str, str]]:
    version = page.version
    lines = [
        (str(labels.SCHEMES[scheme]), _(", ").join(concept.label for concept in page.concepts[scheme]))
        for scheme in GLANCE
        if scheme in page.concepts
    ]
    if version.review_due_on:
        lines.append((_("Next review"), i18n.month(version.review_due_on)))
    lines.append((_("Author"), page.author))
    lines.append((_("Licence"), f"⟦{labels.LICENCES[version.licence]}⟧"))
    lines.append((_("Cite as"), f"⟦{page.protocol.public_id} v{version.number}⟧"))
    return lines


def _works(page: Page) -> list[Work]:
    return [
        Work(
            number=i18n.number(place),
            cite=work.cite,
            lang=work.language,
            ids=tuple(
                f"{name} {value}"
                for name, value in (("DOI", work.doi), ("PMID", work.pmid), ("ISBN", work.isbn))
                if value
            ),
            url=work.url,
            doubt="" if work.status == "cited" else str(labels.SOURCE_STATES[work.status]),
        )
        for place, work in enumerate(page.references, 1)
    ]


def _words() -> dict[str, str]:
    """Fixed words of a document: headings, columns, the foot of each page."""
    return {
        "site": _("Treatment Exchange"),
        "author": _("Author"),
        "at_a_glance": _("At a glance"),
        "legal": _("Legal status"),
        "references": _("References"),
        "changes": _("What is new in this version"),
        "cite": _("Cite this version"),
        "doses": _("Doses"),
        "drug": _("Drug"),
        "phase": _("Phase"),
        "dose": _("Dose"),
        "interval": _("How often"),
        "ceiling": _("Ceiling"),
        "note": _("Note"),
        "quoted": _("Quoted from the source, not coded."),
        "newer": _("Check for a newer version:"),
        "printed": _("Printed:"),
    }
