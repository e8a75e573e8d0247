"""Entry of the console script `portal`. Each command's module is imported only when it is called."""

import sys
from importlib import import_module
from typing import Any, Final

import click

COMMANDS: Final = {
    "init": "portal.cli.opening:init",
    "demo": "portal.cli.demonstration:demo",
    "user": "portal.cli.users:user",
    "audit": "portal.cli.audit:audit",
    "import": "portal.cli.imports:import_",
    "registry": "portal.cli.registry:registry",
    "edition": "portal.cli.edition:edition",
    "assets": "portal.cli.assets:assets",
    "backup": "portal.cli.backup:backup",
    "restore": "portal.cli.backup:restore",
    "worker": "portal.cli.worker:worker",
    "i18n": "portal.cli.i18n:i18n",
    "docs": "portal.cli.docs:docs",
}


class Lazy(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """Treatment Exchange on the command line."""


def main() -> Any:
    """Run; refusals leave by status 2 with a sentence on stderr, never with a traceback."""
    from portal.cli.session import told

    sys.exit(told(portal))
