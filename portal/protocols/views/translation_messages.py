"""Sentences for the refusal codes of translations: what, where, what to do."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "already_complained": _l("You have reported this text already. An editor will decide."),
        "already_decided": _l("Somebody decided this meanwhile. Reload the page."),
        "own_approval": _l("You approved this text yourself. Somebody else looks at it a second time."),
        "translation_not_published": _l("This translation is not published, so it cannot be withdrawn."),
    }
)
