"""The life of a post, a flag, an appeal and a sanction, as tables. A thread lives as its first post does."""

from typing import Final

from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.discussion.dictionary import AppealState, FlagState, PostState, SanctionState

S = PostState
MODERATE = Permission.MODERATE
POSTS: Final = (
    Transition("accept", (S.HELD,), S.VISIBLE, MODERATE, event="post.accepted"),
    Transition("hide", (S.VISIBLE,), S.HIDDEN, Permission.WEIGH_FLAG, event="post.hidden"),
    Transition("restore", (S.HIDDEN,), S.VISIBLE, MODERATE, event="post.restored"),
    Transition("remove", (S.HELD, S.VISIBLE, S.HIDDEN), S.REMOVED, MODERATE, event="post.removed"),
    Transition("reinstate", (S.REMOVED,), S.VISIBLE, MODERATE, event="post.reinstated"),
    Transition("edit", (S.VISIBLE,), S.VISIBLE, Permission.WRITE_POST, event="post.edited"),
    Transition("edit", (S.HELD,), S.HELD, Permission.WRITE_POST, event="post.edited"),
    Transition("edit_unproven", (S.VISIBLE, S.HELD), S.HELD, Permission.WRITE_POST, event="post.edited"),
    Transition("delete", (S.VISIBLE, S.HELD, S.HIDDEN), S.DELETED, Permission.WRITE_POST,
               event="post.deleted"),
)  # fmt: skip

F = FlagState
FLAGS: Final = (
    Transition("agree", (F.OPEN,), F.AGREED, MODERATE, event="flag.agreed"),
    Transition("disagree", (F.OPEN,), F.DISAGREED, MODERATE, event="flag.disagreed"),
    Transition("ignore", (F.OPEN,), F.IGNORED, MODERATE, event="flag.ignored"),
)

APPEALS: Final = (
    Transition("grant", (AppealState.OPEN,), AppealState.GRANTED, MODERATE, event="appeal.granted"),
    Transition("refuse", (AppealState.OPEN,), AppealState.REFUSED, MODERATE, event="appeal.refused"),
)

SANCTIONS: Final = (
    Transition(
        "lift", (SanctionState.ISSUED,), SanctionState.LIFTED, Permission.SANCTION, event="sanction.lifted"
    ),
)

DIAGRAMS: Final = (
    ("Post", POSTS, str(S.HELD)),
    ("Flag", FLAGS, str(F.OPEN)),
    ("Appeal", APPEALS, str(AppealState.OPEN)),
    ("Sanction", SANCTIONS, str(SanctionState.ISSUED)),
)
