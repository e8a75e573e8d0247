"""Titles of warnings for mails and banners: filters, because templates of other features show them."""

from typing import Any

from flask import Flask

from portal.alerts.forms import words
from portal.core import i18n


def init_app(app: Flask) -> None:
    """Called by the factory before the blueprint is mounted."""
    app.jinja_env.filters["warning_title"] = warning_title
    app.jinja_env.filters["level_name"] = lambda level: words.LEVELS.get(level, level)


def warning_title(told: Any) -> str:
    """The title of a public warning, or of what a notice keeps of one."""
    if isinstance(told, dict):
        names = told["substances"].get(i18n.current(), ())
        return words.title_of(names, told["toxidrome"], told["region"])
    return words.title(told.version.record, told.labels)
