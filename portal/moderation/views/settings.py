"""The settings in effect, for the administrator of the system. They are set where the portal is started."""

from typing import Any, Final

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.i18n import ltr
from portal.core.permissions import Permission
from portal.core.web import requires
from portal.moderation.views.blueprint import blueprint

WORKERS: Final = {
    "embedded": _l("inside the portal, builds of editions beside it"),
    "none": _l("by a program of their own"),
}


@blueprint.get("/admin/settings")
@requires(Permission.MANAGE_SETTINGS)
def settings() -> str:
    return render_template("moderation/settings.html", rows=_rows(current_app.extensions["portal.config"]))


def _rows(config: Any) -> list[tuple[str, Any, str]]:
    """Name, value in words, variable. Keys, passwords and addresses of databases are never shown."""
    yes_no = {True: _("yes"), False: _("no")}
    relay = ltr(f"{config.smtp.host}:{config.smtp.port}")
    mail = relay if config.smtp.host else _("into files, nothing is sent")
    database = "PostgreSQL" if config.database.startswith("postgresql") else "SQLite"
    return [
        (_("Public address"), ltr(config.base_url), "PORTAL_BASE_URL"),
        (_("Other addresses that are answered"), _listed(config.trusted_hosts), "PORTAL_TRUSTED_HOSTS"),
        (_("Encrypted connections only"), yes_no[config.secure], "PORTAL_PROXY_HOPS"),
        (_("Country of visitors is told by the proxy in"), _header(config), "PORTAL_COUNTRY_HEADER"),
        (_("Database"), ltr(database), "PORTAL_DATABASE_URL"),
        (_("Demonstration"), yes_no[config.demonstration], "PORTAL_DEMONSTRATION"),
        (_("Changes are refused for now"), yes_no[config.read_only], "PORTAL_READ_ONLY"),
        (_("Mail goes"), mail, "PORTAL_SMTP__HOST"),
        (_("Sender of mail"), ltr(config.smtp.sender), "PORTAL_SMTP__SENDER"),
        (_("Jobs run"), str(WORKERS[config.worker]), "PORTAL_WORKER"),
    ]


def _header(config: Any) -> Any:
    return ltr(config.country_header) if config.country_header else _("nothing; it is not known")


def _listed(hosts: list[str]) -> Any:
    return ltr(", ".join(hosts)) if hosts else _("none")
