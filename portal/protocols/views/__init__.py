"""Addresses of protocols under the language prefix: the list, writing, deciding, reviewing, translating.

/protocols                              list with search and facets
/protocols/mine · /new · /drafts/<id>   an author's work
/protocols/desk · /desk/<id>            editors
/protocols/overseen                     chief editors
/protocols/reviews · /reviews/<id>      reviewers
/protocols/<public_id>/notices · /check what staff say about a published version
/protocols/<public_id>/history          what was done
/protocols/<public_id>/hiding           an administrator hides it in a country, and shows it again
/p/<public_id>/v/<number>/diff/<other>  two versions
/protocols/<public_id>/adapt · /parent  adaptations
/protocols/searches · /unfound          what a person keeps; what many did not find
/protocols/saved · /<public_id>/saved    what a person saves for later
/protocols/kept/<place>                 forms while they are written
/protocols/<public_id>/follow · /following   which version a programme follows; editors confirm
/programmes/<id>/close                  an administrator ends a programme and what it declared
/protocols/<public_id>/v/<n>/report · /field-reports   what centres found
/translations · /work                   the matrix of translations, and what waits for whom
/translations/<public_id>/<target>      translators and their reviewers; /report for readers
"""

from flask import Flask

from portal.protocols.services import reminders
from portal.protocols.views import (
    assignments,
    bookmarks,
    closing,
    compare,
    complaints,
    content,
    declarations,
    desk,
    drafts,
    fate_messages,
    following,
    following_messages,
    forks,
    hiding,
    history,
    interests,
    keeping,
    lists,
    matrix,
    messages,
    notices,
    overseen,
    reports,
    reviews,
    searches,
    translation_messages,
    translations,
)
from portal.protocols.views.blueprint import blueprint

__all__ = [
    "assignments",
    "blueprint",
    "bookmarks",
    "closing",
    "compare",
    "complaints",
    "content",
    "declarations",
    "desk",
    "drafts",
    "fate_messages",
    "following",
    "following_messages",
    "forks",
    "hiding",
    "history",
    "init_app",
    "interests",
    "keeping",
    "lists",
    "matrix",
    "messages",
    "notices",
    "overseen",
    "reminders",
    "reports",
    "reviews",
    "searches",
    "translation_messages",
    "translations",
]


def init_app(app: Flask) -> None:
    hiding.init_app(app)
