"""The translators' bench: every text of a protocol in a language with what helps to translate it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.accounts.queries import names_of
from portal.protocols.models import ProtocolVersion, UnitComment, UnitComplaint
from portal.protocols.queries import glossary, memory
from portal.protocols.queries.complaints import list_open_complaints, list_unit_comments
from portal.protocols.queries.translations import UnitView, list_views


@dataclass(frozen=True, slots=True)
class Card:
    """A text on the bench. `before`: the source that its translation was written for, when another holds."""

    view: UnitView
    suggestions: Sequence[memory.Suggestion]
    terms: Sequence[glossary.Term]
    forbidden: Sequence[glossary.Forbidden]
    comments: Sequence[UnitComment] = ()
    complaints: Sequence[UnitComplaint] = ()
    before: str = ""

    @property
    def open_comments(self) -> int:
        return sum(comment.settled_at is None for comment in self.comments)

    @property
    def needs_work(self) -> bool:
        """Whether a translator has something to do."""
        return self.view.standing in ("untranslated", "draft", "stale_editorial", "stale_clinical")


def list_cards(version: ProtocolVersion, lang: str) -> list[Card]:
    """Cards in reading order; the number of queries does not grow with them."""
    views, source_lang = list_views(version, lang), version.protocol.source_lang
    said = list_unit_comments(version.protocol_id, lang)
    asked = list_open_complaints(version.protocol_id, lang)
    open_texts = [view.source.text if view.standing != "approved" else "" for view in views]
    found = memory.suggest(open_texts, source_lang, lang)
    return [
        replace(
            _card(view, source_lang, lang, alike),
            comments=said.get(view.source.key, ()),
            complaints=asked.get(view.source.key, ()),
        )
        for view, alike in zip(views, found, strict=True)
    ]


def _card(view: UnitView, source_lang: str, lang: str, alike: Sequence[memory.Suggestion]) -> Card:
    target = view.latest.text if view.latest else ""
    terms = glossary.terms_of(view.source.text, target, source_lang, lang)
    return Card(
        view,
        [one for one in alike if one.text != target],
        terms,
        glossary.forbidden_in(target, terms),
        before=_before(view),
    )


def _before(view: UnitView) -> str:
    """The source that the text at hand was written for, where the present one says something else."""
    if view.standing == "untranslated" or view.latest is None:
        return ""
    old = view.last_approved if view.is_stale and view.last_approved else view.latest
    return "" if old.source_text == view.source.text else old.source_text


def list_names(cards: Sequence[Card]) -> Mapping[int, str]:
    """Names of everybody whose act stands on the cards."""
    people = {who for card in cards for u in card.view.revisions for who in (u.created_by, u.translated_by)}
    people |= {comment.created_by for card in cards for comment in card.comments}
    people |= {complaint.created_by for card in cards for complaint in card.complaints}
    return names_of(people)
