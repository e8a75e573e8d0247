"""What waits for whom, from every feature below, in the order in which it has to be taken up."""
