"""A programme's own live figures, exact and by day: for its staff, never stored, never handed out as a file.

`reading` fetches the episodes that count, `curve` and `counting` turn them into plain numbers by the same
definitions and methods as an edition; `live` puts them together.
"""
