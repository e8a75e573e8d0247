"""Jobs of editions: the build, and the end of a freeze that nobody published.

Statistics are loaded by the process that runs them, not by the web.
"""

from typing import Any

from portal.core import jobs


@jobs.task("edition.build")
def build(args: dict[str, Any]) -> None:
    from portal.releases import services

    services.build_asked(args)


@jobs.task("edition.expire")
def expire(args: dict[str, Any]) -> None:
    from portal.releases import services

    services.expire(args)
