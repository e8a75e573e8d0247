"""Pages of outcome instruments. Definitions live in analytics.instruments; no tables."""
