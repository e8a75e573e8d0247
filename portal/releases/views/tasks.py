"""The job that builds an edition. Its statistics are loaded by the process that runs it, not by the web."""

from typing import Any

from portal.core import jobs


@jobs.task("edition.build")
def build(args: dict[str, Any]) -> None:
    from portal.releases import services

    services.build_asked(args)
