"""Telling people: a row for every notice, shown on the site and mailed at once or in a digest.

`notify` is all that a feature needs. What each key means stands in `kinds`; its words stand in one template,
`templates/email/<key>.txt`, whose first line is the subject and whose first address is where the thing is.
"""

from portal.core.notify.addresses import Recipient, is_mailbox
from portal.core.notify.letters import compose, directed, words
from portal.core.notify.telling import notify, post_digest

__all__ = ["Recipient", "compose", "directed", "is_mailbox", "notify", "post_digest", "words"]
