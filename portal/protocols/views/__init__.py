"""Addresses of protocols under the language prefix: the list, writing, deciding, reviewing, translating.

/protocols                              list with search and facets
/protocols/mine · /new · /drafts/<id>   an author's work
/protocols/desk · /desk/<id>            editors
/protocols/reviews · /reviews/<id>      reviewers
/protocols/<public_id>/history          what was done
/p/<public_id>/v/<number>/diff/<other>  two versions; /p/<public_id>/b/<key> a single block
/protocols/<public_id>/adapt · /parent  adaptations
/protocols/kept/<place>                 forms while they are written
/translations · /<public_id>/<target>   translators and their reviewers
"""

from portal.protocols.views import (
    compare,
    content,
    desk,
    drafts,
    forks,
    history,
    keeping,
    lists,
    messages,
    reviews,
    translations,
)
from portal.protocols.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "compare",
    "content",
    "desk",
    "drafts",
    "forks",
    "history",
    "keeping",
    "lists",
    "messages",
    "reviews",
    "translations",
]
