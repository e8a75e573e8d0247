"""Search of protocols across three languages, through the thesaurus first and words second.

`index`, `remove` and `reindex_all` write the index in the caller's transaction; `query` answers. Whatever
knows protocols hands over a `Document`, so nothing here reads their tables.
"""

from portal.protocols.search.answers import FacetCount, Found, Hit, Local, Understood, browse, query
from portal.protocols.search.documents import Document, TagRole
from portal.protocols.search.highlighting import Highlighter, Segment
from portal.protocols.search.indexing import index, reindex_all, remove

__all__ = [
    "Document",
    "FacetCount",
    "Found",
    "Highlighter",
    "Hit",
    "Local",
    "Segment",
    "TagRole",
    "Understood",
    "browse",
    "index",
    "query",
    "reindex_all",
    "remove",
]
