"""Threads, posts, flags and case questions."""
