"""Forms of the registry: shape and lengths. Choices that come from the database are passed in."""
