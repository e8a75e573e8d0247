"""Sentences for the refusal codes of collections."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "collection_empty": _l("A published collection needs at least one protocol that can be read."),
        "collection_full": _l("A collection holds 50 protocols at most. Begin another one."),
        "collection_words_missing": _l(
            "Before readers get it, write title and introduction in all three languages."
        ),
        "words_changed_meanwhile": _l(
            "Somebody else saved the collection meanwhile. Your words stand in the fields, and what was "
            "saved stands below those that differ. Saving again replaces it."
        ),
        "note_in_every_language": _l("Write the sentence in all three languages, or in none."),
        "protocol_collected_already": _l("The protocol is in the collection already."),
    }
)
