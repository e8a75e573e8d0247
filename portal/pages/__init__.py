"""Home, search, help and the reader's protocol page, composed from the features below."""
