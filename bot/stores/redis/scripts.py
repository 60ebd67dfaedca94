"""The Lua scripts of this store, each read from its file once. A script runs as one step on the server."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script and the digest that the server keeps it under."""

    text: str
    digest: str


def script(*names: str) -> Script:
    """Reads the script that these files of `lua/` make, one after the other.

    Args:
        names: paths without the ending, "inbox/put".

    Returns:
        The script; it gives an integer or a flat list of texts, never a nil, so that nothing has to be guessed.
    """
    folder = files("bot.stores.redis") / "lua"
    text = "\n".join((folder / f"{name}.lua").read_text(encoding="utf-8") for name in names)
    # The protocol names scripts by SHA-1; nothing secret depends on it.
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
