"""Sentences for the refusal codes of declarations and field reports."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "back_dated": _l(
            "A declaration cannot begin in an earlier quarter: the results could then choose the protocol. "
            "The earliest is %(quarter)s."
        ),
        "change_wrong": _l("Choose the place and say what is done otherwise there."),
        "choose_listed": _l("Choose one of the listed answers."),
        "drug_prohibited": _l(
            "%(drug)s is prohibited in treatment of dependence in %(country)s: "
            "a programme there cannot follow it."
        ),
        "fidelity_missing": _l("Answer all five questions of the self-check."),
        "modality_declared": _l(
            "The programme has a declaration for this kind of treatment already. End it or move it first."
        ),
        "modality_not_offered": _l("The programme does not offer this kind of treatment."),
        "moves_later": _l("It can move from the next quarter on: %(quarter)s."),
        "own_programme": _l("An editor of another centre decides about this programme."),
        "own_report": _l("An editor of another centre decides about this report."),
        "period_wrong": _l("The period must end after it begins and last at most two years."),
        "protocol_prohibited": _l(
            "The law of %(country)s prohibits what this protocol describes: "
            "a programme there cannot follow it."
        ),
        "report_closed": _l("A report can be changed before it is sent, or once an editor has returned it."),
        "report_incomplete": _l("Answer all questions that are not optional."),
        "reported_already": _l("Your centre has a report on this version for this time already."),
        "version_not_followable": _l("Only a published version can be followed."),
    }
)
