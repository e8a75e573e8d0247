"""From registry rows to released results: eligible persons, snapshot rows, counts, methods, the door.

`eligible` and `rows` serve the freeze. `results` serves the build and reads snapshots only; it computes, and
writes nothing.
"""
