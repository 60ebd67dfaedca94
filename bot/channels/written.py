"""What a person wrote, where a platform puts marks of its own in its place: links, and mentions of the coach."""

import html
import re
from collections.abc import Sequence

_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_BEFORE = " \t\r\n"
_STOPS = (",", ".", "?", "!", ";", ":")


def link(url: str, label: str) -> str:
    """Gives a link as its author wrote it: a typed address as it was typed, behind other words after them.

    Both may have entities in them, and so has what comes of them.
    """
    if url.startswith("tel:"):
        return label or url.removeprefix("tel:")
    address = url.removeprefix("mailto:")
    if not label:
        return address
    return label if _bare(label) == _bare(url) else f"{label} ({address})"


def without_mentions(pieces: Sequence[str]) -> str:
    """Gives the text of a message without the mentions of the coach, from the pieces that stand between them.

    A comma or a colon goes with the mention that it belongs to: "@coach, why?" and "why, @coach?" both give "why?".
    """
    first, *others = pieces
    kept = [first]
    is_begun = bool(first.strip())
    for piece in others:
        kept[-1], after = _joined(kept[-1], piece) if is_begun else ("", _begun(piece))
        is_begun = is_begun or bool(after.strip())
        kept.append(after)
    return "".join(kept)


def _begun(after: str) -> str:
    """The text behind a mention that opens the message."""
    text = after.lstrip(_BEFORE)
    return text[1:].lstrip(_BEFORE) if text.startswith((",", ":")) else text


def _joined(before: str, after: str) -> tuple[str, str]:
    """The texts on both sides of a mention that the message goes on around."""
    kept = before.rstrip(" \t")
    if kept.endswith("\n"):
        return kept, _begun(after) if after.strip() else after
    ends = not after.strip() or after.lstrip(" \t").startswith(_STOPS)
    return kept.removesuffix(",").rstrip(" \t") if ends else kept, after if after[:1].isspace() or ends else f" {after}"


def _bare(url: str) -> str:
    return _SCHEME.sub("", html.unescape(url), count=1).rstrip("/").casefold()
