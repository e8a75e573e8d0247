"""Sentences for the refusal codes of editions."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "already_approved_by_country": _l(
            "An administrator of this country (%(country)s) has approved this edition already."
        ),
        "already_approved_by_you": _l(
            "You have approved this edition already. Another country has to follow."
        ),
        "approvals_missing": _l("An approval that still holds is missing for: %(countries)s."),
        "closing_unlikely": _l("Check the year of the closing date."),
        "consent_withdrawn": _l(
            "Programmes in this snapshot have withdrawn their consent (%(programmes)s). Freeze again."
        ),
        "edition_name_used": _l(
            "This name is in use. Choose another one, or open that edition to freeze it again."
        ),
        "edition_name": _l("The name of an edition has 1 to 20 Latin letters, digits or hyphens."),
        "freeze_too_early": _l(
            "Entries for the period up to %(closing_on)s still arrive. Freeze on %(earliest)s or later."
        ),
        "freeze_open": _l(
            "Edition %(edition)s is frozen and waits for publication. Publish it or give it up first."
        ),
        "frozen_again": _l(
            "The edition was frozen again while you read. Below is what it holds now: read it, then approve."
        ),
        "parameters_changed": _l(
            "The catalogue or the disclosure parameters have changed since the freeze. Freeze again."
        ),
        "persons_changed": _l("Persons of this snapshot have changed since the freeze. Freeze again."),
        "region_too_concentrated": _l(
            "One programme holds more than 60%% of the persons of %(country)s, or there are fewer than three."
        ),
        "release_key_missing": _l("The key of edition %(name)s is missing on this machine. Freeze again."),
        "snapshot_changed": _l(
            "The snapshot of edition %(name)s is not the one that was approved. Freeze again."
        ),
        "snapshot_void": _l(
            "A person in this snapshot has withdrawn. Freeze again and ask for new approvals."
        ),
        "synthetic_and_real": _l("Synthetic and real programmes are never in one edition."),
        "too_few_persons": _l("Too few persons are eligible: about %(found)s. An edition needs %(needed)s."),
        "too_few_persons_in_country": _l(
            "Too few persons of %(country)s are eligible: about %(found)s. Each country needs %(needed)s."
        ),
    }
)
