"""What releases say to people: the sentences of their refusals. Pages of editions are shown by dashboards."""

from portal.releases.views import messages

__all__ = ["messages"]
