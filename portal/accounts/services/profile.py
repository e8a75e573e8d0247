"""What a person may change about the own account; role, country and state are not among it."""

from portal.accounts.models import User
from portal.accounts.services.free_text import check_own_data
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Invalid, NotAllowed, Problem
from portal.core.i18n import LOCALES
from portal.core.permissions import Actor


@transaction
def change_profile(user: User, name: str, affiliation: str, language: str, *, by: Actor) -> None:
    """Change name, place of work and language of the mails."""
    if user.id != by.id:
        raise NotAllowed("own_account")
    if language not in LOCALES:
        raise Invalid(problems=(Problem("language", "language_unknown"),))
    check_own_data(name=name, affiliation=affiliation)
    user.name, user.affiliation, user.language = name.strip(), affiliation.strip(), language
    record("account.changed", by=by, target=user)
