"""Forms around translations: one text, a remark on it, a report of a mistake, a second review."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import HiddenField, RadioField, SelectField

from portal.core.forms import (
    LongTextField,
    PortalForm,
    TextField,
    length,
    no_identifiers,
    optional,
    required,
)
from portal.protocols.forms.editing import LONG
from portal.protocols.forms.labels import choices

ORIGINS: Final = {
    "human": _l("translated by a person"),
    "memory": _l("from translation memory, checked by a person"),
    "machine_edited": _l("by machine, edited by a person"),
}
STANDINGS: Final = {
    "untranslated": lazy_pgettext("translation", "not translated"),
    "draft": lazy_pgettext("translation", "draft"),
    "needs_review": lazy_pgettext("translation", "waits for review"),
    "approved": lazy_pgettext("translation", "approved"),
    "stale_editorial": lazy_pgettext("translation", "wording of the source changed"),
    "stale_clinical": lazy_pgettext("translation", "clinically out of date"),
}
STANDING_PILLS: Final = {
    "untranslated": "idle", "draft": "active", "needs_review": "warn", "approved": "done",
    "stale_editorial": "warn", "stale_clinical": "bad",
}  # fmt: skip
COMPLAINT_STATES: Final = {
    "open": (lazy_pgettext("complaint", "waits for an editor"), "active"),
    "accepted": (lazy_pgettext("complaint", "accepted: the text is being corrected"), "done"),
    "dismissed": (lazy_pgettext("complaint", "the text stands"), "off"),
}
VERDICTS: Final = {
    "right": _l("Right"),
    "minor": _l("Understandable, could be better"),
    "wrong": _l("Wrong: it says something else than the source"),
}


def differences(faults: Sequence[str]) -> str:
    """What a translation lost, marked with a minus, and added, marked with a plus, in words."""
    lost = _(", ").join(f"⟦{fault[1:]}⟧" for fault in faults if fault.startswith("-"))
    added = _(", ").join(f"⟦{fault[1:]}⟧" for fault in faults if fault.startswith("+"))
    told = (
        lost and _("missing here: %(list)s", list=lost),
        added and _("not in the source: %(list)s", list=added),
    )
    return _("; ").join(filter(None, told))


class UnitForm(PortalForm):
    """One text of a translation. `suggestion`: what it began with; `before`: what stood in the field then."""

    body = LongTextField(_l("Translation"), [required(), length(1, LONG), no_identifiers()])
    reason = TextField(
        _l("Reason why numbers or names differ"), [optional(), length(0, 500), no_identifiers()],
        description=_l("Only where the check of numbers found a difference that is right."),
    )  # fmt: skip
    remark = TextField(_l("What to change"), [optional(), length(0, 1000), no_identifiers()])
    quote = TextField(_l("Which words"), [optional(), length(0, 300), no_identifiers()])
    comment = LongTextField(_l("Remark"), [optional(), length(0, 2000), no_identifiers()])
    revision: Any = HiddenField()
    suggestion: Any = HiddenField()
    before: Any = HiddenField()
    seen: Any = HiddenField()

    def belong(self, key: str) -> None:
        """One of many forms on a page: what links to a field finds it in the form of this text."""
        for name, field in self._fields.items():
            field.id = f"{name}-{key}"


class ComplaintForm(PortalForm):
    """A reader's report of a mistake."""

    unit = SelectField(_l("Where"), [required()], choices=[])
    body = LongTextField(
        _l("What is wrong"), [required(), length(3, 2000), no_identifiers()],
        description=_l("Say what the text should say. In any of the three languages."),
    )  # fmt: skip


class SampleForm(PortalForm):
    """What a second reviewer found."""

    verdict = RadioField(_l("The translation is"), [required()], choices=choices(VERDICTS))
    note = LongTextField(
        _l("What is wrong"), [optional(), length(0, 2000), no_identifiers()],
        description=_l("Needed unless the translation is right. A wrong text goes to an editor."),
    )  # fmt: skip
