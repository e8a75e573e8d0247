"""Verbs of the discussion: writing, flagging, judging, appealing, sanctions, cases."""
