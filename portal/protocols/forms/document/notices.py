"""What is said before the text: demonstration, prohibition, concern, an old version, missing translation."""

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.core import i18n
from portal.protocols.forms import labels
from portal.protocols.forms.document.shape import Notice, Said
from portal.protocols.queries.page import Page
from portal.protocols.queries.reading import Around


def strip(page: Page, *, demonstration: bool) -> str:
    """What stands on every page of what is no real protocol."""
    if page.protocol.demonstration or demonstration:
        return _("DEMONSTRATION: sample protocols and SYNTHETIC data. Not clinical advice.")
    return ""


def of(page: Page, around: Around) -> Iterator[Notice]:
    if page.protocol.demonstration:
        yield _demonstration(page)
    if around.prohibited:
        yield _prohibited(page, around)
    yield from _state(page)
    if page.current is not None and not page.is_current:
        yield _newer(page, around)
    if not page.translated.is_complete:
        yield _untranslated(page)


def _demonstration(page: Page) -> Notice:
    lines = [_("Sample protocol, not clinical advice.")]
    if page.version.exception_reason:
        lines.append(_("Published with sections missing, by a recorded exception."))
    return Notice("warn", _("DEMONSTRATION"), (" ".join(lines),))


def _prohibited(page: Page, around: Around) -> Notice:
    """A text about a treatment that the reader's law forbids never reads as advice to break it."""
    own = page.legal[around.country]
    lines = [_("This page is for comparison and does not advise this treatment there.")]
    if around.alternatives:
        lines.append(_("Lawful alternatives:"))
    others = tuple(Said(f"{other.title} (⟦{other.public_id}⟧)", other.lang) for other in around.alternatives)
    return Notice("bad", f"{labels.COUNTRIES[around.country]}: {own.label.lower()}", tuple(lines), others)


def _state(page: Page) -> Iterator[Notice]:
    if page.version.state == "under_concern":
        yield Notice(
            "bad", "", (_("An editor has raised a concern about this version. It is being examined."),)
        )
    if page.version.state == "retired":
        yield Notice(
            "bad", "", (_("This protocol is retired: it is kept for reference and not maintained."),)
        )
    if page.awaits_confirmation:
        said = _("Correction: awaiting a second confirmation by the chief editor of the other country.")
        yield Notice("warn", "", (said,))


def _newer(page: Page, around: Around) -> Notice:
    number = page.current.number if page.current else ""
    lines = [_("Read version %(version)s", version=f"⟦{number}⟧")]
    if around.changed:
        names = [str(labels.SECTIONS.get(name) or labels.FIELDS.get(name)) for name in around.changed]
        lines.append(f"{_('Changed:')} {_(', ').join(names)}")
    return Notice("warn", _("A newer version exists"), tuple(lines))


def _untranslated(page: Page) -> Notice:
    language = i18n.language_name(page.protocol.source_lang)
    lines = (
        _("Not yet translated: parts of this text are shown in %(language)s.", language=language),
        _("Doses are shown in every language from the same data."),
    )
    return Notice("info", "", (" ".join(lines),))
