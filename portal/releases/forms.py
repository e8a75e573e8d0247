"""Forms of an edition: its name and closing date, and what an approver has seen."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.core.forms import DayField, PortalForm, TextField, length, required


class FreezeAgainForm(PortalForm):
    closing_on = DayField(_l("Closing date"), [required()])


class FreezeForm(PortalForm):
    name = TextField(
        _l("Name of the edition"),
        [required(), length(1, 20)],
        direction="ltr",
        description=_l("1 to 20 Latin letters, digits or hyphens, for example ⟦2026-H2⟧. It never changes."),
    )
    closing_on = DayField(_l("Closing date"), [required()])


class ApproveForm(PortalForm):
    """What stood on the page when the button was pressed: an approval of anything else is refused."""

    seen = HiddenField()
