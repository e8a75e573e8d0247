"""`portal-pseudonym`: what a centre runs on its own machine, so that no identifier ever leaves it.

Standard library only. Nothing here opens a connection; identifiers are read from files and from the
keyboard, never from arguments, which a shell would remember.
"""
