"""Sentences for the refusal codes of early warnings."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "case_told": _l("This seems to be about one person. Write about what happened, without age or name."),
        "dose_told": _l("Leave out amounts: a warning never says how much."),
        "judged_already": _l("You have given your judgement about this content."),
        "judgements_missing": _l("Two people of the panel have to judge this content, in two capacities."),
        "own_signal": _l("Nobody decides about the own signal. Ask somebody else."),
        "price_told": _l("Leave out prices."),
        "recipe_told": _l("Leave out how it is made."),
        "seat_of_other_country": _l("This place is for a member of the panel from the other country."),
        "signal_incomplete": _l("Before it can go on, fill in every answer that is not marked as optional."),
        "signature_missing": _l("The duty editor and a member of the panel have to sign."),
        "signed_already": _l("You, or somebody in your place, has signed this content already."),
        "supplier_told": _l("Leave out who sells it and where."),
        "text_long": _l("This text is too long."),
    }
)
