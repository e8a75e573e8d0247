"""Frozen editions and released results: the only way from rows to readers."""
