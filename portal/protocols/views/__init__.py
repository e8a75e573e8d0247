"""Addresses of protocols under the language prefix: the list, writing, deciding, reviewing, translating.

/protocols                              list with search and facets
/protocols/mine · /new · /drafts/<id>   an author's work
/protocols/desk · /desk/<id>            editors
/protocols/reviews · /reviews/<id>      reviewers
/protocols/<public_id>/history          what was done
/protocols/searches · /unfound          what a person keeps; what many did not find
/protocols/kept/<place>                 forms while they are written
/protocols/<public_id>/follow · /following   which version a programme follows; editors confirm
/protocols/<public_id>/v/<n>/report · /field-reports   what centres found
/translations · /<public_id>/<target>   translators and their reviewers
"""

from portal.protocols.views import (
    content,
    declarations,
    desk,
    drafts,
    following,
    following_messages,
    history,
    keeping,
    lists,
    messages,
    reports,
    reviews,
    searches,
    translations,
)
from portal.protocols.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "content",
    "declarations",
    "desk",
    "drafts",
    "following",
    "following_messages",
    "history",
    "keeping",
    "lists",
    "messages",
    "reports",
    "reviews",
    "searches",
    "translations",
]
