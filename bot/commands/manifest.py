"""`coach manifest`: what a chat platform makes the coach's app from."""

import json
from pathlib import Path

import click

from bot.channels.slack.manifest import MAX_NAME, NAME, app_name, events_address, slack_manifest
from bot.channels.terminal.reading import InputError
from bot.commands.output import write_json


@click.group("manifest", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Write the manifest that a chat platform makes the coach's app from."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _name(ctx: click.Context, option: click.Parameter, value: str) -> str:
    try:
        return app_name(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, option) from None


def _address(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else events_address(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, option) from None


@command.command("slack")
@click.option("--out", metavar="PATH", default="-", help="The file to write; else standard output.")
@click.option(
    "--http", "url", metavar="URL", callback=_address, help="Slack calls the coach at this public https address."
)
@click.option(
    "--name", default=NAME, callback=_name, help=f"What the app is called, {MAX_NAME} characters at most; else {NAME}."
)
def slack(out: str, url: str | None, name: str) -> int:
    """Write the manifest of the Slack app as JSON.

    Paste it at https://api.slack.com/apps: Create New App, From a manifest. Without --http the coach calls Slack
    (Socket Mode), which needs no public address.
    """
    manifest = slack_manifest(socket_mode=url is None, url=url, name=name)
    if out == "-":
        write_json(manifest)
        return 0
    try:
        Path(out).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot write {out}: {reason}") from None
    click.echo(f"Saved to {click.format_filename(out)}")
    return 0
