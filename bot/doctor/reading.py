"""The settings as far as they are right, and what is wrong with the others; no fault of theirs stops the reading."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings import Settings

GROUPS = ("slack", "teams")
"""Settings that are taken as a whole or not at all, by how their names begin."""

_NAME = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
_UNREADABLE = {
    "coach_admins": "who it names cannot be read; write local, slack:TEAM/USER or teams:TENANT/OBJECT, commas between",
    "coach_prices": "write dollars for a million tokens as JSON, as the README's table of settings has it",
}
"""What is said in place of words that hold a part of the value."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the settings, in one line, and how to mend it."""

    says: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: `settings` are those that are right, the others being as if they were not set.

    `in_environment` and `in_file` hold every name there is, in small letters, with its value. `left_out` are the fields
    whose value is not used.
    """

    settings: Settings
    in_environment: Mapping[str, str]
    in_file: Mapping[str, str]
    faults: Sequence[Fault]
    left_out: frozenset[str]

    def lacks(self, group: str) -> bool:
        """Whether the settings whose names begin so are left out."""
        return any(name.startswith(group) for name in self.left_out)


class _Given(Settings):
    """Settings made from what is given alone."""

    model_config = SettingsConfigDict(env_file=None)  # it would be read all the same

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Takes neither the environment nor a file."""
        return (init_settings,)


def read() -> Reading:
    """Reads the environment and `.env`, whatever they hold."""
    faults: list[Fault] = []
    in_file = _of_file(faults)
    in_environment = _there(EnvSettingsSource(Settings).env_vars)
    given = {**in_file, **in_environment}
    values: dict[str, object] = {name: given[name] for name in Settings.model_fields if name in given}
    left_out: set[str] = set()
    while True:
        # Where one is out its group is, and what rests on that; each is told once, by its cause.
        values = {name: value for name, value in values.items() if name not in left_out}
        try:
            settings = _Given.model_validate(_decoded(values))
            break
        except ValidationError as error:
            if not values:
                raise  # what nobody set is right
            for problem in error.errors(include_url=False):
                name, fault = _told(problem, in_environment)
                faults.append(fault)
                left_out |= _with_it(name, values)
    return Reading(
        settings=settings,
        in_environment=in_environment,
        in_file=in_file,
        faults=faults,
        left_out=frozenset(left_out),
    )


def _of_file(faults: list[Fault]) -> Mapping[str, str]:
    try:
        return _there(DotEnvSettingsSource(Settings).env_vars)
    except UnicodeDecodeError:
        faults.append(Fault(".env is not UTF-8 text, so nothing of it is used", "save it as UTF-8"))
    except (OSError, ValueError):
        faults.append(Fault(".env cannot be read, so nothing of it is used", "let who runs the coach read it"))
    return {}


def _there(variables: Mapping[str, str | None]) -> Mapping[str, str]:
    return {name: value for name, value in variables.items() if value is not None}


def _decoded(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values with what is written as JSON read; what is none is left to be refused."""
    prices = values.get("coach_prices")
    if not isinstance(prices, str):
        return values
    try:
        return {**values, "coach_prices": json.loads(prices)}
    except (ValueError, RecursionError):
        return values


def _told(problem: Any, in_environment: Mapping[str, str]) -> tuple[str, Fault]:  # noqa: ANN401 - pydantic's ErrorDetails
    """The field that a problem is with, "" where none can be told, and the line on it: never with its value."""
    reason = str(problem["ctx"]["error"]) if problem["type"] == "value_error" else str(problem["msg"])
    if not problem["loc"]:  # several settings that do not go together; the settings' own line names them
        named = _NAME.search(reason)
        mend = "add what is missing, or unset the rest: until then the coach does not start"
        return (named[0].lower() if named else ""), Fault(reason, mend)
    name = str(problem["loc"][0])
    where = "the environment" if name in in_environment else ".env"
    return name, Fault(f"{name.upper()}: {_UNREADABLE.get(name, reason)}", f"mend it in {where}")


def _with_it(name: str, values: Mapping[str, object]) -> set[str]:
    """The fields that are left out with `name`; all, where it is none of them."""
    group = name.partition("_")[0]
    out = {name} if group not in GROUPS else {each for each in values if each.startswith(f"{group}_")}
    if group in GROUPS and str(values.get("coach_admin_channel", "")).startswith(f"{group}:"):
        out.add("coach_admin_channel")
    return out if out & values.keys() else set(values)
