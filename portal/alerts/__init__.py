"""Early warnings: signals, assessment, issue, update, expiry, retraction; may link protocols."""
