"""Fixed lists of what programmes say about protocols: declarations and field reports, as codes."""
