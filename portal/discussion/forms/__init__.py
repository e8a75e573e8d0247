"""Forms of the discussion, and its codes in words."""
