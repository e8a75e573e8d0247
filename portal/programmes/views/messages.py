"""Sentences for the refusal codes of programmes."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "already_staff": _l("This person belongs to the centre already."),
        "closed_before_start": _l("This is before its first month of reporting."),
        "demonstration_present": _l("This is a demonstration: it takes no real programmes."),
        "duration_out_of_range": _l("Write a number of days from 0 (open-ended) to 1095."),
        "modality_forbidden_ru": _l("%(modality)s is not lawful in Russia."),
        "modality_missing": _l("Choose at least one."),
        "modality_not_in_country": _l("%(modality)s is not offered in this country."),
        "month_wrong": _l("Write year and month, for example ⟦2026-03⟧ or ⟦1404-12⟧."),
        "name_missing": _l("Write a name."),
        "organisation_exists": _l("There is a centre with this name already."),
        "programme_closed": _l("This programme has closed. It follows nothing new."),
        "programme_exists": _l("This centre has a programme with this name already."),
        "real_programmes_present": _l(
            "There are real programmes here: a demonstration is not possible beside them."
        ),
        "staff_must_be_clinician": _l("Only approved clinicians of the same country can be staff."),
        "unknown_centre": _l("There is no centre named %(centre)s."),
    }
)
