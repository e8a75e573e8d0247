"""Reads of protocols: versions and their content, waiting work, units of translation, the reader's page."""
