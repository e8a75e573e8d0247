"""What leaves the registry in other shapes: the dictionary for people and programs."""
