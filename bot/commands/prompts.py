"""`coach prompts`: versions of the system prompt, listed, shown, compared, published, activated, rolled back."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError, open_input, read_text
from bot.commands.opening import Opener, opened, running, versions_opened
from bot.commands.output import complain
from bot.core.admin_commands import (
    ActivateVersion,
    AdminCommand,
    DiffVersions,
    ListVersions,
    MoveCommand,
    PublishVersion,
    RollBack,
    ShowTrail,
    ShowVersion,
)
from bot.core.messages import LOCAL
from bot.core.prompts import PromptReply, Proposed, Trail
from bot.core.replies import Refused

if TYPE_CHECKING:
    from bot.app import App

THOUGHT_BETTER = 1
"""The exit status when a person does not want what was proposed: nothing was done."""

_number = click.IntRange(1)
_as_json = click.option("--json", "as_json", is_flag=True, help="Give it as JSON.")
_done_as_json = click.option("--json", "as_json", is_flag=True, help="Give what was done as JSON, without asking.")
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group("prompts", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show, publish, activate and roll back the versions of the system prompt.

    Whatever is done is an entry of the trail, with who did it, when and why. The same can be done in chat.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command("list")
@_as_json
@click.pass_obj
def list_(opener: Opener, as_json: bool) -> int:
    """Show every version, which is live, and what each did."""
    return asyncio.run(_do(opener, ListVersions(), as_json=as_json))


@command.command("show")
@click.argument("number", metavar="N", type=_number)
@_as_json
@click.pass_obj
def show(opener: Opener, number: int, as_json: bool) -> int:
    """Show version N, into a pipe its file as it was published."""
    return asyncio.run(_do(opener, ShowVersion(number), as_json=as_json))


@command.command("diff")
@click.argument("old", metavar="A", type=_number)
@click.argument("new", metavar="B", type=_number)
@_as_json
@click.pass_obj
def diff(opener: Opener, old: int, new: int, as_json: bool) -> int:
    """Show what changes from version A to version B."""
    return asyncio.run(_do(opener, DiffVersions(old, new), as_json=as_json))


@command.command("log")
@click.option("--before", metavar="N", type=_number, help="Show what happened before entry N.")
@click.option("--all", "whole", is_flag=True, help="Show every entry rather than the newest.")
@_as_json
@click.pass_obj
def log(opener: Opener, before: int | None, whole: bool, as_json: bool) -> int:
    """Show who did what, when and why, the newest first."""
    return asyncio.run(_do(opener, ShowTrail(before), as_json=as_json, whole=whole))


@command.command("publish")
@click.argument("file")
@click.option("--note", metavar="TEXT", default="", help="Why, for the trail; else the note in the file counts.")
@_done_as_json
@click.pass_obj
def publish(opener: Opener, file: str, note: str, as_json: bool) -> int:
    """Publish FILE (- for standard input) as a new version. It is not live yet."""
    return asyncio.run(_do(opener, PublishVersion(text=_read(file), note=note), as_json=as_json))


@command.command("activate")
@click.argument("number", metavar="N", type=_number)
@click.option("--note", metavar="TEXT", required=True, help="Why, for the trail.")
@click.option("--share", metavar="PERCENT", type=click.IntRange(1, 99), help="Try it with so many of a hundred people.")
@click.option("--force", is_flag=True, help="Even if it fails an evaluation case which the live version passes.")
@_yes
@_done_as_json
@click.pass_obj
def activate(opener: Opener, number: int, note: str, share: int | None, force: bool, yes: bool, as_json: bool) -> int:
    """Make version N live, or with --share try it beside the live one.

    On a terminal it shows what would change and asks. A trial is ended by the next activation, by a rollback, or by
    itself when the version on trial is clearly worse.
    """
    move = ActivateVersion(number=number, note=note, share=share, force=force)
    return _move(opener, move, ask=not (yes or as_json), as_json=as_json)


@command.command("rollback")
@click.option("--to", metavar="N", type=_number, help="The version to go back to; else the one that was live before.")
@click.option("--note", metavar="TEXT", required=True, help="Why, for the trail.")
@_yes
@_done_as_json
@click.pass_obj
def rollback(opener: Opener, to: int | None, note: str, yes: bool, as_json: bool) -> int:
    """End the trial, or go back to the version that was live before.

    On a terminal it shows what would change and asks. No evaluation holds it up.
    """
    return _move(opener, RollBack(to=to, note=note), ask=not (yes or as_json), as_json=as_json)


def _read(file: str) -> str:
    from bot.prompts.document import MAX_CHARACTERS

    if file == "-":
        return read_text(sys.stdin.buffer, "standard input", limit=MAX_CHARACTERS, mend="shorten it")
    with open_input(file) as stream:
        return read_text(stream, file, limit=MAX_CHARACTERS, mend="shorten it")


async def _do(opener: Opener, asked: AdminCommand, *, as_json: bool, whole: bool = False) -> int:
    async with opened(opener) as app:
        reply = await _done(app, asked)
        if whole and isinstance(reply, Trail):
            reply = await _whole(app, reply)
    _tell(reply, as_json=as_json)
    return 0


async def _whole(app: "App", trail: Trail) -> Trail:
    """The trail with all that comes before its last entry."""
    entries = list(trail.entries)
    page: PromptReply = trail
    while isinstance(page, Trail) and page.earlier:
        page = await _done(app, ShowTrail(entries[-1].position))
        entries += page.entries if isinstance(page, Trail) else ()
    return Trail(entries=tuple(entries), earlier=False, now=trail.now)


def _move(opener: Opener, move: MoveCommand, *, ask: bool, as_json: bool) -> int:
    """Makes a move; asks first where somebody sits at a terminal."""
    # Asked between two runs of the loop: there Ctrl-C ends the question at once.
    with running(versions_opened(opener)) as (runner, app):
        reply = runner.run(_done(app, move))
        if isinstance(reply, Proposed):
            if ask and sys.stdin.isatty() and sys.stdout.isatty():
                if not _agreed(reply, runner):
                    return THOUGHT_BETTER
            else:
                for warning in reply.warnings:
                    complain(warning)
            reply = runner.run(_done(app, move, confirmed=reply.position))
    _tell(reply, as_json=as_json)
    return 0


def _agreed(proposed: Proposed, runner: asyncio.Runner) -> bool:
    from bot.channels.terminal.chat import DECLINED
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.prompt import Prompt

    _tell(proposed, as_json=False)
    screen = Screen(sys.stdout)
    agreed = Prompt(screen, runner).agrees()
    if not agreed:
        screen.print(DECLINED)
    return agreed


async def _done(app: "App", asked: AdminCommand, *, confirmed: int | None = None) -> PromptReply:
    """What came of a command.

    Raises:
        InputError: it was refused.
    """
    reply = await app.desk.handle(asked, person=LOCAL, confirmed=confirmed)
    if isinstance(reply, Refused):
        raise InputError(reply.reason)
    return reply


def _tell(reply: PromptReply, *, as_json: bool) -> None:
    if as_json:
        from bot.channels.prompt_wire import prompt_json
        from bot.commands.output import write_json

        write_json(prompt_json(reply))
        return
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.versions import render_versions

    screen = Screen(sys.stdout)
    for part in render_versions(reply, piped=screen.piped):
        screen.print(part)
