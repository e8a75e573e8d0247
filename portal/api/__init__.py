"""Machine interfaces over the same services and queries."""
