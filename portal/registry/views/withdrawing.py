"""A patient withdraws: asked once, shown once more, then deleted. The pseudonym is in no address.

/programme/withdraw
"""

from typing import Final

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.sentences import register_messages
from portal.core.web import current_actor, requires
from portal.registry.forms.withdrawing import WORDS, WithdrawForm
from portal.registry.services.withdrawing import withdraw
from portal.registry.views.blueprint import blueprint
from portal.registry.views.entry import own_programmes

SUBMIT: Final = Permission.SUBMIT_OUTCOMES
register_messages(
    {
        "token_shape": _l(
            "This is neither a pseudonym nor a case code. Make the pseudonym with the tool of your centre."
        )
    }
)


@blueprint.route("/programme/withdraw", methods=["GET", "POST"])
@requires(SUBMIT)
def withdraw_patient() -> str | Response | tuple[str, int]:
    form, programmes = WithdrawForm(), own_programmes()
    form.offer((programme.code, programme.name) for programme in programmes)
    if not form.validate_on_submit():
        return _page(form, confirming=False), 422 if form.errors else 200
    if not form.sure.data:
        return _page(form, confirming=True)
    withdraw(form.text("who"), form.codes(), form.text("reason"), by=current_actor(), now=utcnow())
    web.flash_done(
        _("Done. What the portal held of this patient is deleted, and no file will bring the patient back.")
    )
    return redirect(url_for("registry.my_programme"))


def _page(form: WithdrawForm, *, confirming: bool) -> str:
    return render_template("registry/withdraw.html", form=form, confirming=confirming, reasons=WORDS)
