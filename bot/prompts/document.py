"""One prompt file: front matter with the model's settings, then the sections of the system prompt."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator

from bot.core.prompts import Effort

MAX_CHARACTERS = 100_000
"""A longer file is a mistake: at four characters a token it would cost 25,000 tokens with every reply."""
MAX_SETTINGS = 2_000
"""Characters of front matter; YAML takes its time with more."""

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<settings>.*?)^---[ \t]*(?:\n|\Z)(?P<text>.*)", re.DOTALL | re.MULTILINE)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class PromptFileError(Exception):
    """A prompt file that cannot be published; the message is one line that says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class PromptDocument:
    """A prompt file that can be published. `source` is the whole file, `text` what a model is given of it."""

    source: str = field(repr=False)
    text: str = field(repr=False)
    model: str
    max_tokens: int
    effort: Effort
    note: str

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it was normalised, in hexadecimal: equal for equal files."""
        return hashlib.sha256(self.source.encode()).hexdigest()


class _Settings(BaseModel):
    """The front matter."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: Words
    max_tokens: int
    effort: Effort = "medium"
    note: Words | None = None

    @field_validator("max_tokens")
    @classmethod
    def _in_bounds(cls, value: int) -> int:
        if not 1 <= value <= 128_000:
            raise ValueError("write a number from 1 to 128000")
        return value


def parse_prompt(source: str) -> PromptDocument:
    """Reads the text of a prompt file. Line endings, a byte order mark and blank lines at its ends do not count.

    Raises:
        PromptFileError: the file is empty, too long, or its front matter is missing or wrong.
    """
    source = "\n".join(source.removeprefix("\ufeff").splitlines()).strip("\n")
    # Counted without what is added to it here, so that what was published once can always be read again.
    if len(source) > MAX_CHARACTERS:
        raise PromptFileError(f"it has {len(source):,} characters; at most {MAX_CHARACTERS:,} are taken")
    source += "\n"
    if any(0xD800 <= ord(character) <= 0xDFFF or character == "\x00" for character in source):
        raise PromptFileError("it is not text: save it as UTF-8")
    parts = _FRONT_MATTER.fullmatch(source)
    if parts is None:
        raise PromptFileError("it does not begin with front matter: --- then model, max_tokens, effort, note, then ---")
    if len(parts["settings"]) > MAX_SETTINGS:
        raise PromptFileError(f"its front matter has more than {MAX_SETTINGS:,} characters: close it with --- earlier")
    text = parts["text"].strip("\n")
    if not text.strip():
        raise PromptFileError("nothing follows the front matter: write the sections of the system prompt")
    settings = _settings(parts["settings"])
    return PromptDocument(
        source=source,
        text=text,
        model=settings.model,
        max_tokens=settings.max_tokens,
        effort=settings.effort,
        note=" ".join((settings.note or "").split()),
    )


def _settings(content: str) -> _Settings:
    import yaml

    try:
        _require_plain(content)
        loaded = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _no_setting(mark.line if mark else None) from error
    if not isinstance(loaded, dict):
        raise PromptFileError("its front matter holds no 'name: value' lines")
    try:
        return _Settings.model_validate(loaded)
    except ValidationError as error:
        raise PromptFileError(_first_problem(error)) from error


def _require_plain(content: str) -> None:
    """Passes for settings that are words and numbers, each given once.

    Lists, nesting and aliases are refused before anything is made of them, since a few lines of those fill the memory,
    and tags, on which PyYAML fails in ways of its own.
    """
    import yaml

    opened = False
    words: list[str] = []
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.ScalarEvent) and event.tag is None:
            words.append(event.value)
        elif isinstance(event, yaml.NodeEvent):
            if opened or not isinstance(event, yaml.MappingStartEvent):
                raise _no_setting(event.start_mark.line if event.start_mark else None)
            opened = True
    names = words[::2]
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise PromptFileError(f"its front matter gives {twice!r:.40} twice")


def _no_setting(line: int | None) -> PromptFileError:
    """Says that a line, counted from 0 behind the one that opens the front matter, cannot be read."""
    where = "its front matter" if line is None else f"line {line + 2}"
    return PromptFileError(f"{where} is not a 'name: value' line: put quotation marks around the value")


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    name, given = str(problem["loc"][0]), f"{problem['input']!r:.40}"
    match problem["type"]:
        case "missing":
            return f"its front matter lacks {name}"
        case "extra_forbidden":
            return f"its front matter has an unknown setting {name!r:.40}; it takes {', '.join(_Settings.model_fields)}"
        case "literal_error":
            return f"{name} is {given}; write one of {', '.join(get_args(Effort))}"
        case "value_error":
            return f"{name} is {given}; {problem['ctx']['error']}"
        case _:
            return f"{name} is {given}; {problem['msg']}"
