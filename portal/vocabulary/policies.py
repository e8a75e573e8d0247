"""Who may change the vocabulary: editors its words, the installation its file. Everybody may read it."""

from portal.core.errors import NotAllowed
from portal.core.permissions import SYSTEM, Actor, Permission, has_permission


def check_can_load_vocabulary(actor: Actor) -> None:
    """The seed is loaded by the installation itself or by who runs the machine."""
    if not can_load_vocabulary(actor):
        raise NotAllowed("permission_missing", permission=str(Permission.MANAGE_SETTINGS))


def can_load_vocabulary(actor: Actor) -> bool:
    return actor is SYSTEM or has_permission(actor, Permission.MANAGE_SETTINGS)


def check_can_edit_vocabulary(actor: Actor) -> None:
    if not can_edit_vocabulary(actor):
        raise NotAllowed("permission_missing", permission=str(Permission.EDIT_VOCABULARY))


def can_edit_vocabulary(actor: Actor) -> bool:
    return has_permission(actor, Permission.EDIT_VOCABULARY)
