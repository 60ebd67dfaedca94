"""Makes text from people, lessons and models harmless to a terminal: what would control it is shown instead."""

import re

CONTROLS = (
    "\x00-\x08\x0b-\x1f"  # C0 but tab and newline: ESC opens every escape sequence, CR overwrites a line
    "\x7f-\x9f"  # DEL and C1: 0x9b and 0x9d are CSI and OSC in one character
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides, isolates: they show text in another order than it has
    "\u2028\u2029"  # separators that some terminals break the line at
    "\ud800-\udfff"  # lone surrogates: no encoding can write them
)
"""What is never sent to a terminal as it is: the inside of a regular expression's set."""

_CONTROL = re.compile(f"[{CONTROLS}]")
_CONTROL_OR_BREAK = re.compile(f"[{CONTROLS}\n\t]")


def visible(text: str) -> str:
    r"""Gives `text` with every control character written as its escape (ESC as `\x1b`).

    Line breaks and tabs stay; CRLF becomes a plain line break. Right-to-left letters, emoji and their joiners stay.
    """
    return _CONTROL.sub(_escape, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Gives `text` on one line: line breaks and tabs are escaped too."""
    return _CONTROL_OR_BREAK.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
