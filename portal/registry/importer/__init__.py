"""Reading of submitted files: bytes to chunks of text cells, to coded answers, to rows of the store.

Nothing here opens a transaction or knows who acts; `portal.registry.services.imports` does. Every step works
on a chunk of about 100,000 rows, column by column, and looks at single rows only where something is wrong.
"""
