"""OAI-PMH 2.0: what is harvested, and the answers as XML."""
