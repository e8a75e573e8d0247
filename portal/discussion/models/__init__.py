"""Tables of the discussion: threads and posts, and what moderators decide about them."""

from portal.discussion.models.moderation import Appeal, Flag, Sanction
from portal.discussion.models.posts import CaseForm, Post, PostRevision, Reaction, Thread

__all__ = ["Appeal", "CaseForm", "Flag", "Post", "PostRevision", "Reaction", "Sanction", "Thread"]
