"""One person of every role, and of every nearness to the author of a text."""

from typing import Any

from factories import make_user
from protocol_world import World

from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.models import Organisation


def people_of(world: World) -> dict[str, Any]:
    centre = db.session.get(Organisation, next(iter(world.author.organisation_ids)))
    return {
        "author": world.author,
        "colleague": world.colleague,
        "reviewer": world.reviewers[0],
        "loner": make_user("clinical_reviewer"),
        "editor": world.editor,
        "chief": world.chiefs[0],
        "close_editor": make_user("editor", "chief_editor", "clinician", organisation=centre),
        "clinician": world.clinician,
        "translator": world.translator,
        "language_reviewer": world.language_reviewer,
        "researcher": make_user("researcher"),
        "member": make_user(),
        "country_admin": make_user("country_admin"),
        "system": SYSTEM,
    }
