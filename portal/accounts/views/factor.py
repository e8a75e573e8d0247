"""Setting up the second factor, and the recovery codes that replace it once."""

import base64
import io
from urllib.parse import quote

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms import CodeForm
from portal.accounts.models import User
from portal.accounts.security import cookies
from portal.accounts.security.guard import fresh, fresh_with_factor
from portal.accounts.services import factor as verbs
from portal.accounts.views.blueprint import blueprint
from portal.core.db import utcnow
from portal.core.errors import Invalid
from portal.core.forms import PlainForm
from portal.core.sentences import sentence
from portal.core.web import requires

ISSUER = "Treatment Exchange"


def me() -> User:
    user: User = current_user._get_current_object()  # noqa: SLF001 # services need the object itself
    return user


@blueprint.get("/second-factor")
@requires()
@fresh_with_factor
def factor() -> str:
    return _page(CodeForm())


@blueprint.post("/second-factor/new")
@requires()
@fresh_with_factor
def factor_new() -> Response:
    """Propose a key; the old one holds until the first code of the new one was entered."""
    verbs.propose_secret(me(), by=me(), now=utcnow())
    return redirect(url_for("accounts.factor"))


@blueprint.post("/second-factor")
@requires()
@fresh_with_factor
def factor_confirm() -> str | tuple[str, int]:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = verbs.confirm_secret(me(), form.text("code"), by=me(), now=utcnow())
        except Invalid as refusal:
            form.add_fault("code", sentence(refusal.problems[0]))
        else:
            cookies.prove_again(me(), second_factor=True)
            return render_template("accounts/recovery_codes.html", codes=codes, set_up=True)
    return _page(form), 422


@blueprint.post("/recovery-codes")
@requires()
@fresh
def recovery_codes() -> str:
    """New codes, shown once."""
    codes = verbs.renew_recovery_codes(me(), by=me())
    return render_template("accounts/recovery_codes.html", codes=codes, set_up=False)


def _page(form: CodeForm) -> str:
    user = me()
    secret = verbs.proposed_key(user, now=utcnow())
    return render_template(
        "accounts/factor.html",
        form=form,
        plain=PlainForm(),
        user=user,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) if secret else "",
        picture=qr_picture(secret_address(user.email, secret)) if secret else "",
        picture_text=_("QR code with the key for your authenticator"),
    )


def secret_address(email: str, secret: str) -> str:
    """The address that authenticator programs read from the picture."""
    return f"otpauth://totp/{quote(f'{ISSUER}:{email}')}?secret={secret}&issuer={quote(ISSUER)}"


def qr_picture(text: str) -> str:
    """A drawing as a data address: no request leaves the page and nothing is stored."""
    import qrcode
    import qrcode.image.svg

    picture = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathFillImage)
    file = io.BytesIO()
    picture.save(file)
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()
