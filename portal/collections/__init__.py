"""Collections: protocols that editors chose and put in an order, with a few words, in three languages."""
