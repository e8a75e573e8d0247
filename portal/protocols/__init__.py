"""Treatment protocols: versions, blocks, translation units, reviews and their search."""
