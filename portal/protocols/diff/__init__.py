"""Comparison of versions: which blocks differ, which fields of a block, which words of a text.

Pure: blocks and texts in, differences out; nothing here knows a language of the interface.
"""

from portal.protocols.diff.blocks import Block, Change, compare, compare_fields, compare_main

__all__ = ["Block", "Change", "compare", "compare_fields", "compare_main"]
