"""A version in words, as it leaves the portal: one shape for PDF, Markdown and offline copies."""
