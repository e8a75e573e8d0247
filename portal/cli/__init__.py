"""Command lines. Each calls the same services as the pages; none holds a rule."""
