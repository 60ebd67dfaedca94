"""What can be shown of a text that comes from people, lessons and models."""

import re

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides, isolates: they show text in another order than it has
    "\ud800-\udfff]"  # lone surrogates: no encoding can write them
)
_BREAK = re.compile("\r\n?")


def visible(text: str) -> str:
    """Gives `text` with every line break as a newline and a replacement character for each that controls a display.

    No text is longer than it was.
    """
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _BREAK.sub("\n", text))
