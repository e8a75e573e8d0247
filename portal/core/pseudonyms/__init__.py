"""Pseudonyms as a centre makes them, on its command line and on the page that works without a line.

Standard library only. The command line is the reference; the page repeats it in the browser and is tested to
give the same text for the same table, byte for byte. Nothing here runs on the server but the making of that
page, which holds no identifier.
"""

from typing import Final

SHAPE: Final = r"^[a-z2-7]{26}$"
