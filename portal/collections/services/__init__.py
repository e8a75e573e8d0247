"""What editors do with collections: words, protocols and their order, publication. Each act is recorded."""
