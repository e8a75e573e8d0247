"""What is the token's owner's own."""

from typing import Any

from flask import Response

from portal.api.schemas.lists import OwnAnswer
from portal.api.schemas.texts import plain
from portal.api.views.answers import as_json
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.guard import requires_token, this_holder
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.work import list_own


@resources.route("/own/versions")
@resources.response(200, OwnAnswer)
@resources.doc(security=[{"bearer": []}])
@may_answer(403)
@requires_token("read:own")
def own_versions() -> Response:
    """List the versions that the token's owner wrote, in whatever state."""
    versions = [_told(version) for version in list_own(this_holder().user)]
    return as_json(OwnAnswer().dump({"versions": versions}))


def _told(version: ProtocolVersion) -> dict[str, Any]:
    source = version.protocol.source_lang
    title = {"text": plain(version.title, source), "lang": source}
    told = {"protocol": version.protocol.public_id, "version": version.number, "title": title}
    return told | {"state": version.state, "changed_at": version.changed_at}
