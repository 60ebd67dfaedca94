"""Values as the text that a store keeps, and back."""

import json
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Value = TypeVar("_Value")
_ADAPTERS: "dict[type[Any], TypeAdapter[Any]]" = {}


def recorded(value: object) -> str:
    """Gives a dataclass of plain values, or a tuple of such, as JSON.

    It is ASCII, so that a lone surrogate of a draft comes back as it was.
    """
    return json.dumps(_adapter(type(value)).dump_python(value, mode="json"))


def read_record(kind: type[_Value], text: str) -> _Value:
    """Gives the value of this kind that `recorded` wrote.

    Raises:
        ValueError: it is none.
    """
    value: _Value = _adapter(kind).validate_python(json.loads(text))
    return value


def _adapter(kind: type[Any]) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter  # here, because it would slow the start of `coach --help`

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
