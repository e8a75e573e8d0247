"""Pages of early warnings: what everybody reads, signals, the desk of editors and panel, exports."""

from portal.alerts.views import desk, messages, public, report, signals, texts
from portal.alerts.views.blueprint import blueprint
from portal.alerts.views.naming import init_app

__all__ = ["blueprint", "desk", "init_app", "messages", "public", "report", "signals", "texts"]
