"""The `coach` command: finds the command by name, and turns whatever goes wrong into one line and an exit status."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from bot import __version__
from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, open_parts
from bot.commands.output import complain
from bot.core.state import StoreAwayError

COMMANDS = {
    "serve": "bot.commands.serve",
    "chat": "bot.commands.chat",
    "ask": "bot.commands.ask",
    "review": "bot.commands.review",
    "guide": "bot.commands.guide",
    "knowledge": "bot.commands.knowledge",
    "eval": "bot.commands.eval",
    "prompts": "bot.commands.prompts",
    "inbox": "bot.commands.inbox",
    "forget": "bot.commands.forget",
    "audit": "bot.commands.audit",
    "backup": "bot.commands.backup",
    "restore": "bot.commands.restore",
    "doctor": "bot.commands.doctor",
    "manifest": "bot.commands.manifest",
}
"""Each command's module, whose `command` is the click command."""

BAD_INPUT = 2
INTERRUPTED = 130
"""128 + SIGINT, as a shell gives it."""
PIPE_CLOSED = 141
"""128 + SIGPIPE, as a shell gives it."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Gives the commands in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Imports the command, None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name]).command
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; Ctrl-C and a reader that has gone end it without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            _abandon_stdout()
            ctx.exit(PIPE_CLOSED)


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coach")
@click.pass_context
def coach(ctx: click.Context) -> None:
    """A coach for sales reps, from the terminal.

    It answers questions from lesson text and cites the lines it used; it finds the claims in a draft that the
    field language guide says not to make, and puts the approved wording in their place.

    Exit status: 0 done; 1 it found something; 2 wrong use or bad input, with a line on standard error for each fault.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: Sequence[str], *, opener: Opener = open_parts) -> int:
    """Runs `coach` with `arguments` and gives its exit status; `opener` gives commands the coach they use."""
    try:
        status = coach.main(args=list(arguments), prog_name="coach", standalone_mode=False, obj=opener)
        sys.stdout.flush()
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "coach"
        complain(f"{error.format_message().rstrip('.')}; see `{command} --help`")
    except click.ClickException as error:
        complain(error.format_message())
    except (InputError, StoreAwayError) as error:
        complain(*error.args)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_stdout()
        return PIPE_CLOSED
    except OSError as error:
        _abandon_stdout()
        complain(f"{error.filename or 'cannot write the output'}: {error.strerror or error}")
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        complain(f"a fault of the coach: {type(error).__name__}: {error}; `python -X dev -m bot ...` shows where")
    else:
        return status if isinstance(status, int) else 0
    return BAD_INPUT


def main(*, opener: Opener = open_parts) -> NoReturn:
    """Runs `coach` with the process's arguments and ends the process."""
    _complete_streams()
    sys.exit(run(sys.argv[1:], opener=opener))


def _complete_streams() -> None:
    """Gives the process the standard streams it was started without, and an output that can write any character."""
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _abandon_stdout() -> None:
    """Lets what is still buffered go nowhere; the interpreter's last flush would complain of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
