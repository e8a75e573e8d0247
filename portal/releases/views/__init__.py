"""Pages on which administrators run an edition, and the sentences of refusals. Dashboards show results."""

from portal.releases.views import editions, messages, tasks
from portal.releases.views.blueprint import blueprint

__all__ = ["blueprint", "editions", "messages", "tasks"]
