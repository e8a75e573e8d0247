"""Addresses of the discussion under the language prefix. Everything asks for an account.

/discussion                          all threads, with filters · /discussion/cases  open cases
/discussion/new · /discussion/cases/new   begin one (?protocol=PR-0042&version=1.0&block=…)
/discussion/<id>                     a thread · /reply · /settle · /follow · /follow-up
/discussion/posts/<id>               to the post · /edit · /history · /delete · /useful · /flag · /appeal
/discussion/mine                     what became of one's own posts, flags and sanctions
"""

from portal.discussion.views import cases, flags, messages, mine, posts, tasks, threads, writing
from portal.discussion.views.blueprint import blueprint

__all__ = ["blueprint", "cases", "flags", "messages", "mine", "posts", "tasks", "threads", "writing"]
