"""Names of the reasons, decisions and states of a version's life in the reader's language."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

DECISIONS: Final = {
    "none": _l("Nothing stands in the way"),
    "manage": _l("The person may take part; the interest is named in the record"),
    "exclude": _l("The person takes no part"),
}
DECIDED: Final = {
    "none": lazy_pgettext("interests", "nothing stands in the way"),
    "manage": lazy_pgettext("interests", "takes part, interest on record"),
    "exclude": lazy_pgettext("interests", "takes no part"),
}
INTERESTS: Final = {
    "financial": lazy_pgettext("interest", "financial"),
    "intellectual": lazy_pgettext("interest", "intellectual"),
    "institutional": lazy_pgettext("interest", "institutional"),
    "personal": lazy_pgettext("interest", "personal"),
}
REJECTIONS: Final = {
    "scope": _l("Outside the subject of the portal"),
    "evidence": _l("The evidence does not carry it"),
    "duplicate": _l("A protocol on the same exists"),
    "licence": _l("Rights of others stand against it"),
    "quality": _l("Not yet complete or clear enough"),
}
VERDICTS: Final = {
    "granted": _l("The appeal is right: the editors look at it again"),
    "upheld": _l("The refusal stands"),
}
CONCERNS: Final = {
    "dose": _l("A dose may be wrong"),
    "harm": _l("Harm to patients was reported"),
    "safety": _l("A clinician sees a danger for patients"),
    "evidence": _l("New evidence speaks against it"),
    "law": _l("The law has changed"),
    "other": _l("Another reason"),
}
RETIREMENTS: Final = {
    "outdated": _l("Out of date"),
    "replaced": _l("Replaced by another protocol"),
    "law_changed": _l("The law has changed"),
    "no_maintainer": _l("Nobody keeps it up to date"),
}
WITHDRAWALS: Final = {
    "harm": _l("It may harm patients"),
    "error": _l("It holds a serious error"),
    "fraud": _l("Data or authorship were false"),
    "privacy": _l("It identified a person"),
    "rights": _l("It infringed the rights of others"),
}
HIDINGS: Final = {
    "court_order": _l("A decision of a court"),
    "authority_order": _l("A demand of an authority"),
    "counsel": _l("Advice of counsel"),
    "third_party": _l("A claim of others to the text"),
}
ORDER: Final = {"legal_order": _l("A legal order")}
REASONS: Final[dict[str, dict[str, Any]]] = {
    "concern": CONCERNS,
    "retire": RETIREMENTS,
    "withdraw": WITHDRAWALS,
    "order": ORDER,
}
REASON: Final = CONCERNS | RETIREMENTS | WITHDRAWALS | ORDER
NOTICES: Final = {
    "concern": _l("Notice of concern"),
    "retirement": _l("Retirement"),
    "withdrawal": _l("Withdrawal"),
}
NOTICE_STATES: Final = {
    "proposed": lazy_pgettext("notice", "waits for the other chief editor"),
    "in_force": lazy_pgettext("notice", "in force"),
    "closed": lazy_pgettext("notice", "closed"),
    "expired": lazy_pgettext("notice", "ran out without an outcome"),
    "dropped": lazy_pgettext("notice", "not pursued"),
}
BLOCKED: Final = {
    "own_text": _l("author"),
    "same_organisation": _l("same organisation as the author"),
    "reviewer_without_organisation": _l("belongs to no centre"),
    "reviewer_excluded": _l("excluded because of interests"),
    "reviewer_declined": _l("declined"),
}
EVENTS: Final = {
    "protocol.conflict_declared": _l("A reviewer declared interests"),
    "protocol.interests_decided": _l("An editor decided on declared interests"),
    "protocol.review_declined": _l("A reviewer declined"),
    "protocol.invitation_expired": _l("An invitation ran out"),
    "protocol.reviewer_dismissed": _l("A silent reviewer was dismissed"),
    "protocol.approval_withdrawn": _l("A reviewer took an approval back"),
    "protocol.approval_lost": _l("An approval was lost"),
    "protocol.reopened": _l("In review again: an approval is missing"),
    "protocol.concern_raised": _l("Notice of concern"),
    "protocol.concern_renewed": _l("Notice of concern renewed"),
    "protocol.concern_closed": _l("Notice of concern closed"),
    "protocol.concern_expired": _l("Notice of concern ran out"),
    "protocol.retired": lazy_pgettext("event", "Retired"),
    "protocol.withdrawal_proposed": _l("Withdrawal proposed"),
    "protocol.withdrawal_dropped": _l("Withdrawal not pursued"),
    "protocol.withdrawn": lazy_pgettext("event", "Withdrawn"),
    "protocol.hidden": _l("Hidden in a country for a legal reason"),
    "protocol.shown_again": _l("Shown again in a country"),
    "protocol.currency_checked": _l("Checked: no change needed"),
    "protocol.appealed": _l("Appeal"),
    "protocol.appeal_granted": _l("Appeal granted"),
    "protocol.appeal_upheld": _l("Appeal refused"),
}
