"""The thesaurus: concepts, their labels in three languages and their relations; text analysis for search."""
