"""The edition of outcomes that was published last."""

from flask import Response

from portal.api.schemas.editions import LatestEdition
from portal.api.views.answers import as_json
from portal.api.views.blueprint import may_answer, resources
from portal.core import web
from portal.releases import queries as releases


@resources.route("/editions/latest")
@resources.response(200, LatestEdition)
@may_answer(404)
@web.public
def latest_edition() -> Response:
    """Return the public tables of the latest edition, as displayed."""
    edition = web.get_or_404(releases.latest_edition())
    tables = [released.value for released in releases.public_tables(edition).values()]
    about = ("name", "closing_on", "synthetic", "catalogue_version", "parameter_hash")
    answer = {name: getattr(edition, name) for name in about}
    published = {"published_on": edition.published_at.date(), "tables": tables}
    return as_json(LatestEdition().dump(answer | published))
