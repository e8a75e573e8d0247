"""Verbs of protocols: drafting, reviewing, deciding, publishing, translating, the seed."""
