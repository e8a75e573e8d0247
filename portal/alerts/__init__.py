"""Early-warning signals, their assessment, issue and expiry."""
