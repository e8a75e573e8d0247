"""Verbs of the registry: imports, episodes entered by hand, templates. A writing verb is one transaction."""
