"""Reads of the discussion: threads, posts, people's trust, what waits for moderators."""
