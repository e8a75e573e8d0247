"""Fixed lists of what programmes say about protocols: declarations and field reports. Codes only, no texts."""
