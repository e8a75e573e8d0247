"""Verbs of early warnings: signals, triage, judgement, issue, texts."""
