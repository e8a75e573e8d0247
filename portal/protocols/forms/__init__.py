"""Forms of protocols, the names of their codes, and dose lines in words."""
