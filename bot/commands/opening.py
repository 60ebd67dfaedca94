"""Opens the coach for a command: settings read, parts wired, and a clear line when that cannot be."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, get_args

from bot.channels.terminal.reading import InputError
from bot.core.coach import Coach
from bot.core.ports import Retriever

if TYPE_CHECKING:
    from pydantic import ValidationError

    from bot.knowledge.library import FolderLibrary
    from bot.settings import Settings


class Parts(Protocol):
    """What commands talk to."""

    @property
    def coach(self) -> Coach:
        """Answers and reviews."""
        ...

    @property
    def library(self) -> "FolderLibrary":
        """The knowledge folder."""
        ...

    @property
    def retriever(self) -> Retriever:
        """Finds lines of the lessons."""
        ...


Opener = Callable[[], Parts]
"""How a command gets its parts, once it knows that its arguments are good."""


def open_parts() -> Parts:
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
        InputError: a setting is wrong, or `.env` cannot be read; the message names it.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise InputError(_first_problem(error, Settings)) from None
    except SettingsError as error:
        raise InputError(f"{error}: mend it in the environment or in .env") from None
    except UnicodeDecodeError:
        raise InputError(".env is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot read .env: {error.strerror}") from None


def _first_problem(error: "ValidationError", settings: "type[Settings]") -> str:
    from pydantic import SecretStr

    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = settings.model_fields.get(name)
    secret = field is not None and SecretStr in (field.annotation, *get_args(field.annotation))
    subject = name.upper() if secret or not name else f"{name.upper()} is {problem['input']!r}"
    return f"{subject}: {problem['msg']}. Mend it in the environment or in .env".removeprefix(": ")


async def require_lessons(parts: Parts) -> None:
    """Refuses to go on without lessons: an empty coach would find every draft clean.

    Raises:
        InputError: no lesson is in force.
    """
    if (await parts.library.current()).lessons:
        return
    faults = await parts.library.faults()
    reason = str(faults[0]) if faults else "no lesson is in force"
    raise InputError(f"{parts.library.folder}: no lessons to speak from ({reason}); see `coach knowledge check`")
