"""Statistics of treatment programmes from counts: numbers in, frozen results out.

No web, no portal database, no clock, no environment and no translation.
"""
