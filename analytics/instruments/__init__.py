"""Outcome instruments as data: definitions, loader, scoring and reliable change."""
