"""Who may make and see collections: editors make them together; everybody reads what was once published."""

from portal.collections.models import PUBLIC, Collection
from portal.core.errors import NotAllowed, NotFound
from portal.core.permissions import Actor, Permission, has_permission


def check_can_curate(actor: Actor | None) -> None:
    """Editors, whoever began the collection: it speaks for the portal and not for a person."""
    if not can_curate(actor):
        raise NotAllowed("permission_missing", permission=str(Permission.CURATE))


def can_curate(actor: Actor | None) -> bool:
    return actor is not None and has_permission(actor, Permission.CURATE)


def check_can_see(actor: Actor | None, collection: Collection) -> None:
    """A draft is there for editors alone."""
    if not can_see(actor, collection):
        raise NotFound("not_found")


def can_see(actor: Actor | None, collection: Collection) -> bool:
    return collection.state in PUBLIC or can_curate(actor)
