"""Pages of what waits.

/queue                     what waits for the person who looks, of every kind
/queue/discussion          what waits for moderators, decided on the spot
/queue/people/<id>         a sanction
/admin/settings            the settings in effect
"""

from portal.moderation.views import judging, people, queue, settings
from portal.moderation.views.blueprint import blueprint

__all__ = ["blueprint", "judging", "people", "queue", "settings"]
