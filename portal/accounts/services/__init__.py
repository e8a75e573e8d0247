"""Verbs on accounts. Passwords arrive here as hashes: hashing takes long and happens before a transaction."""
