"""Forms of early warnings, and the words of their codes."""
