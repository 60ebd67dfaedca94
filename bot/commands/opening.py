"""Opens the coach for a command: settings read, parts wired, and a clear line when that cannot be."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, get_args

from bot.channels.terminal.reading import InputError
from bot.commands.output import complain

if TYPE_CHECKING:
    import asyncio

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails
    from pydantic_settings import SettingsError

    from bot.app import App
    from bot.settings import Settings


_FIELD = re.compile(r'field "(\w+)"')

Opener = Callable[[], "App"]
"""How a command gets its parts, once it knows that its arguments are good."""


def open_parts() -> "App":
    """Builds the coach from the settings.

    Raises:
        InputError: a setting is wrong.
    """
    settings = read_settings()
    from bot.app import build

    return build(settings)


def read_settings() -> "Settings":
    """Reads the settings from the environment and `.env`.

    Raises:
        InputError: settings are wrong, with a line for each, or `.env` cannot be read.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise InputError(*_problems(error, Settings)) from None
    except SettingsError as error:
        raise InputError(f"{_undecoded(error)}: mend it in the environment or in .env") from None
    except UnicodeDecodeError:
        raise InputError(".env is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot read .env: {error.strerror}") from None


def _problems(error: "ValidationError", settings: "type[Settings]") -> "list[str]":
    """One line for each setting that is wrong; how settings go together is seen once each for itself is right."""
    lines = {str(problem["loc"][:1]): _line(problem, settings) for problem in reversed(error.errors(include_url=False))}
    return list(reversed(lines.values()))


def _line(problem: "ErrorDetails", settings: "type[Settings]") -> str:
    from pydantic import SecretStr

    name, *inner = [str(part) for part in problem["loc"]] or [""]
    field = settings.model_fields.get(name)
    secret = field is not None and SecretStr in (field.annotation, *get_args(field.annotation))
    subject = f"{name.upper()} ({'.'.join(inner)})" if inner else name.upper()
    shown = f" is {problem['input']!r}" if name and not secret and problem["type"] != "missing" else ""
    reason = problem["ctx"]["error"] if problem["type"] == "value_error" else problem["msg"]
    return f"{subject}{shown}: {reason}. Mend it in the environment or in .env".removeprefix(": ")


def _undecoded(error: "SettingsError") -> str:
    """Names the setting that is written as JSON and is none; the error only names it in its words."""
    field = _FIELD.search(str(error))
    return f"{field[1].upper()} is not JSON" if field else str(error)


@asynccontextmanager
async def opened(opener: Opener) -> AsyncIterator["App"]:
    """Gives the app with its store open and closes it afterwards.

    Raises:
        InputError: a setting or a prompt file is wrong.
        StoreAwayError: the store cannot be used.
    """
    from bot.prompts.folder import PromptFolderError

    app = opener()
    try:
        await app.open()
        yield app
    except PromptFolderError as error:
        raise InputError(str(error)) from error
    finally:
        await app.close()


@asynccontextmanager
async def ready(opener: Opener) -> AsyncIterator["App"]:
    """As `opened`, for what speaks from the lessons.

    Raises:
        InputError: as `opened`; or no lesson is in force.
        StoreAwayError: the store cannot be used.
    """
    async with opened(opener) as app:
        await require_lessons(app)
        yield app


@asynccontextmanager
async def versions_opened(opener: Opener) -> AsyncIterator["App"]:
    """As `opened`, for a move: a broken file of the prompts folder is told, and does not hold up a rollback.

    Raises:
        InputError: a setting is wrong.
        StoreAwayError: the store cannot be used.
    """
    from bot.prompts.folder import PromptFolderError

    app = opener()
    try:
        try:
            await app.open()
        except PromptFolderError as error:
            complain(str(error))
        yield app
    finally:
        await app.close()


@asynccontextmanager
async def store_opened(opener: Opener) -> AsyncIterator["App"]:
    """Opens the store alone: nothing is published from the prompts folder, and a broken file of it is no hindrance.

    Raises:
        InputError: a setting is wrong.
        StoreAwayError: the store cannot be used.
    """
    app = opener()
    try:
        await app.store.open()
        yield app
    finally:
        await app.store.close()


@contextmanager
def running(opening: AbstractAsyncContextManager["App"]) -> Iterator["tuple[asyncio.Runner, App]"]:
    """Gives the app of `opening` and the loop it runs in, for who does something else between two runs.

    Whatever `opening` raises goes through.
    """
    import asyncio  # here, because it would slow the start of `coach --help`

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            yield runner, runner.run(stack.enter_async_context(opening))
        finally:
            runner.run(stack.aclose())


async def require_lessons(app: "App") -> None:
    """Refuses to go on without lessons: an empty coach would find every draft clean.

    Raises:
        InputError: no lesson is in force.
    """
    if (await app.library.current()).lessons:
        return
    faults = await app.library.faults()
    reason = str(faults[0]) if faults else "no lesson is in force"
    raise InputError(f"{app.library.folder}: no lessons to speak from ({reason}); see `coach knowledge check`")
