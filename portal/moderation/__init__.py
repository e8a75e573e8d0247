"""Queues over the features below. Owns no rule; calls the owner's verbs."""
