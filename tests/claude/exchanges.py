"""One recorded exchange with the API, and the file that holds it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request's body, and the response: status, headers, and its text in pieces with seconds since the request."""

    path: str
    request: Mapping[str, Any]
    status: int
    headers: Mapping[str, str]
    chunks: tuple[tuple[float, str], ...]


def save(exchange: Exchange, path: Path, *, hidden: Sequence[str] = ()) -> None:
    """Writes an exchange; whatever of `hidden` it holds is blotted out."""
    text = json.dumps(asdict(exchange), ensure_ascii=False, indent=1)
    for secret in filter(None, hidden):
        text = text.replace(secret, "[credential]")
    path.write_text(text + "\n", encoding="utf-8")


def load(path: Path) -> Exchange:
    saved = json.loads(path.read_text(encoding="utf-8"))
    return Exchange(**{**saved, "chunks": tuple((float(at), str(text)) for at, text in saved["chunks"])})
