"""Addresses of protocols under the language prefix: the list, writing, deciding, reviewing, translating.

/protocols                              list with search and facets
/protocols/mine · /new · /drafts/<id>   an author's work
/protocols/desk · /desk/<id>            editors
/protocols/reviews · /reviews/<id>      reviewers
/protocols/<public_id>/history          what was done
/protocols/kept/<place>                 forms while they are written
/translations · /work                   the matrix of translations, and what waits for whom
/translations/<public_id>/<target>      translators and their reviewers; /report for readers
"""

from portal.protocols.views import (
    complaints,
    content,
    desk,
    drafts,
    history,
    keeping,
    lists,
    matrix,
    messages,
    reviews,
    translation_messages,
    translations,
)
from portal.protocols.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "complaints",
    "content",
    "desk",
    "drafts",
    "history",
    "keeping",
    "lists",
    "matrix",
    "messages",
    "reviews",
    "translation_messages",
    "translations",
]
