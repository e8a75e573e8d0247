"""Figures, tables and downloads of released results only."""
