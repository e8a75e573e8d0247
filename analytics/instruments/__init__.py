"""Outcome instruments as data: definitions, loader and scoring."""
