"""Shapes of what the API takes and gives. Numbers are plain, dates ISO, codes language-neutral."""
