"""`portal demo`: load or rebuild the demonstration; `portal demo code`: the current authenticator code."""

import click

from portal.cli.session import REFUSED, with_app

LANGUAGES = ("en", "ru", "fa")


@click.group(invoke_without_command=True)
@click.option("--reset", is_flag=True, help="Build it anew from nothing. Stop the portal first.")
@click.option(
    "--protocol-languages", "languages", default=",".join(LANGUAGES), show_default=True, metavar="LANGUAGES",
    help="Languages of the sample protocols, separated by commas.",
)  # fmt: skip
@click.pass_context
def demo(context: click.Context, *, reset: bool, languages: str) -> int:
    """Load the demonstration: invented people only, on this machine only."""
    if context.invoked_subcommand is not None:
        return 0
    from portal.cli.opening import fill, greeting
    from portal.cli.setup import demonstration_config, prepare

    config, chosen = demonstration_config(), _chosen(languages)
    loaded = fill(config, prepare(config, reset=reset), languages=chosen)
    click.echo(greeting(config) if loaded else "the demonstration is loaded; --reset builds it anew")
    return 0


@demo.command()
@click.argument("email")
@with_app
def code(email: str) -> int:
    """Print the authenticator code that EMAIL, an account of the demonstration, would see now."""
    from flask import current_app

    from portal.accounts.services.factor import current_code
    from portal.cli.demo.accounts import NO_DEMONSTRATION
    from portal.cli.session import acting
    from portal.core.db import utcnow

    if not current_app.config["DEMONSTRATION"]:
        raise click.ClickException(NO_DEMONSTRATION)
    user = acting(email)
    if user.totp_secret is None:
        click.echo(f"{email} signs in with the password alone", err=True)
        return REFUSED
    click.echo(current_code(user, now=utcnow()))
    return 0


def _chosen(text: str) -> tuple[str, ...]:
    """Languages of the option; English always is there, as the source of every protocol."""
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [part for part in chosen if part not in LANGUAGES]
    if unknown or not chosen:
        raise click.BadParameter(f"unknown language {', '.join(unknown)!r}; one of: {', '.join(LANGUAGES)}")
    return tuple(tag for tag in LANGUAGES if tag in {*chosen, "en"})
