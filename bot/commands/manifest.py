"""`coach manifest`: what a chat platform makes the coach's app from."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from bot.channels.slack.manifest import MAX_NAME, NAME, app_name, events_address, slack_manifest
from bot.channels.teams import manifest as teams_app
from bot.channels.terminal.reading import InputError
from bot.commands.output import write_json

PACKAGE = "field-coach-teams.zip"

Check = Callable[[click.Context, click.Parameter, str | None], str | None]


@click.group("manifest", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Write the manifest that a chat platform makes the coach's app from."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _checked(take: Callable[[str], str]) -> Check:
    """Has an option's value taken by `take`, whose complaint is told as a wrong use."""

    def check(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
        try:
            return None if value is None else take(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, option) from None

    return check


@command.command("slack")
@click.option("--out", metavar="PATH", default="-", help="The file to write; else standard output.")
@click.option(
    "--http",
    "url",
    metavar="URL",
    callback=_checked(events_address),
    help="Slack calls the coach at this public https address.",
)
@click.option(
    "--name",
    default=NAME,
    callback=_checked(app_name),
    help=f"What the app is called, {MAX_NAME} characters at most; else {NAME}.",
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
    _save(out, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    return 0


@command.command("teams")
@click.option("--out", metavar="PATH", default=PACKAGE, help=f"The zip to write; else {PACKAGE}.")
@click.option(
    "--app-id",
    metavar="ID",
    callback=_checked(teams_app.bot_id),
    help="The app id of the bot, as Azure shows it; else TEAMS_APP_ID.",
)
@click.option(
    "--name",
    default=teams_app.NAME,
    callback=_checked(teams_app.app_name),
    help=f"What the app is called, {teams_app.MAX_NAME} characters at most; else {teams_app.NAME}.",
)
@click.option(
    "--domain",
    metavar="HOST",
    callback=_checked(teams_app.public_host),
    help="The host that the coach is reached at, such as coach.example.com.",
)
@click.option(
    "--developer",
    metavar="NAME",
    callback=_checked(teams_app.developer_name),
    help="Who answers for the app; else the app's name.",
)
@click.option(
    "--website",
    metavar="URL",
    callback=_checked(teams_app.web_page),
    help=f"The developer's page; else https://HOST, or {teams_app.PLACEHOLDER} without --domain.",
)
@click.option("--privacy", metavar="URL", callback=_checked(teams_app.web_page), help="On privacy; else as --website.")
@click.option("--terms", metavar="URL", callback=_checked(teams_app.web_page), help="Terms of use; else as --website.")
def teams(
    out: str,
    app_id: str | None,
    name: str,
    domain: str | None,
    developer: str | None,
    website: str | None,
    privacy: str | None,
    terms: str | None,
) -> int:
    """Write the app package of the Teams app, a zip.

    Upload it in Teams: Apps, Manage your apps, Upload an app. The bot itself is made in Azure before; the README says
    how.
    """
    site = website or (f"https://{domain}" if domain else teams_app.PLACEHOLDER)
    manifest = teams_app.teams_manifest(
        app_id=app_id or _app_id_set(),
        name=name,
        domain=domain,
        developer=teams_app.Developer(
            name=developer or name, website=site, privacy=privacy or site, terms=terms or site
        ),
    )
    _save(out, teams_app.app_package(manifest))
    return 0


def _app_id_set() -> str:
    from bot.commands.opening import read_settings

    if (app_id := read_settings().teams_app_id) is None:
        raise InputError("there is no app id: give --app-id, or set TEAMS_APP_ID")
    return app_id


def _save(out: str, content: bytes) -> None:
    try:
        Path(out).write_bytes(content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot write {out}: {reason}") from None
    click.echo(f"Saved to {click.format_filename(out)}")
