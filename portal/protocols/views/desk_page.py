"""What an editor looks at before deciding about a version."""

from collections.abc import Sequence
from typing import Any

from portal.core import i18n
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.web import current_actor
from portal.protocols.forms import dose_words, fate_words, labels
from portal.protocols.forms.editing import AskForm, PanelForm, ReasonForm
from portal.protocols.models import ProtocolVersion, ReviewComment
from portal.protocols.policies import can_confirm, can_publish, can_screen
from portal.protocols.queries import versions as read
from portal.protocols.queries.anchors import list_moved, pieces_of
from portal.protocols.queries.interests import list_declarations
from portal.protocols.queries.notices import find_rejection, list_unconfirmed
from portal.protocols.queries.page import source_page
from portal.protocols.queries.suggestions import Suggestion, list_suggestions
from portal.protocols.rules import publication_problems
from portal.protocols.services.acts import possible
from portal.protocols.views.blueprint import sentence_of
from portal.protocols.views.compare import changes_of
from portal.vocabulary.queries import find_labels


def desk_of(
    version: ProtocolVersion, *, panel: PanelForm | None = None, ask: AskForm | None = None
) -> dict[str, Any]:
    """Everything on the page of a decision."""
    actor, today = current_actor(), utcnow().date()
    acts = possible(actor, version)
    asks = can_screen(actor, version) and version.state in ("submitted", "in_review")
    found = list_suggestions(version, today=today) if asks else []
    return {
        "page": source_page(version, i18n.current(), today=today),
        "version": version,
        "labels": labels,
        "words": fate_words,
        "today": today,
        "acts": acts,
        "difference": read.difference(version),
        "agreements": read.list_agreements(version),
        "problems": [(p.field, sentence_of(p)) for p in publication_problems(read.content_of(version))],
        "may_decide": can_screen(actor, version),
        "may_publish": can_publish(actor, version),
        "may_confirm": can_confirm(actor, version) and version in list_unconfirmed(),
        "rejection": find_rejection(version.id),
        "panel": panel or panel_form(version, found),
        "ask": ask or ask_form(version, found),
        "plain": PlainForm(),
        "reason": ReasonForm(),
        "dose_words": dose_words.in_words,
        "suggestions": found,
        "topics": find_labels({topic for one in found for topic in one.topics}, i18n.current()),
        **_people(version),
        **changes_of(version),
    }


def _people(version: ProtocolVersion) -> dict[str, Any]:
    """Who is asked, who declared what, and who said what."""
    assignments, comments = read.list_assignments(version.id), read.list_comments(version.id)
    declarations, agreements = list_declarations(version), read.list_agreements(version)
    ids = {a.reviewer_id for a in assignments} | {c.author_id for c in comments} | {version.created_by}
    ids |= {row.user_id for row in declarations} | {a.approved_by for a in agreements}
    approvals = {(seat.user_id, seat.kind) for seat in read.valid_approvals(version)}
    return {
        "assignments": [(a, (a.reviewer_id, a.kind) in approvals) for a in assignments],
        "declarations": declarations,
        "reviews": read.list_reviews(version.id),
        "comments": comments,
        "people": read.find_people(ids),
        **marked(version, comments),
    }


def marked(version: ProtocolVersion, comments: Any) -> dict[str, Any]:
    """Texts of blocks cut where remarks begin and end, and remarks whose words are gone."""
    by_block: dict[str, list[ReviewComment]] = {}
    for comment in comments:
        by_block.setdefault(comment.block_key, []).append(comment)
    texts = {block.block_key: block.source_text for block in read.list_blocks(version.id)}
    pairs = [(texts[key], held) for key, held in by_block.items() if key in texts]
    moved = {gone for text, held in pairs for gone in list_moved(text, held)}
    lost = {c.id for key, held in by_block.items() if key not in texts for c in held if c.quote}
    pieces = {key: pieces_of(texts[key], held) for key, held in by_block.items() if key in texts}
    return {"pieces": pieces, "moved": moved | lost}


def panel_form(version: ProtocolVersion, found: Sequence[Suggestion] | None = None) -> PanelForm:
    form = PanelForm()
    form.offer(_choices(version, found))
    return form


def ask_form(version: ProtocolVersion, found: Sequence[Suggestion] | None = None) -> AskForm:
    form = AskForm()
    form.offer(_choices(version, found))
    return form


def _choices(version: ProtocolVersion, found: Sequence[Suggestion] | None) -> list[tuple[str, str]]:
    """Those who can be asked, in the order in which they are suggested."""
    known = list_suggestions(version, today=utcnow().date()) if found is None else found
    able = [suggestion.person for suggestion in known if not suggestion.blocked]
    return [(str(person.id), f"{person.name} ({labels.COUNTRIES[person.country]})") for person in able]
