"""The process that reads one file: the content on standard input, `{"text": …}` or `{"fault": …}` on standard output.

It is called with the file's kind and the most characters that a text may have.
"""

import contextlib
import json
import re
import resource
import sys
from collections.abc import Callable

from bot.files.faults import Fault, FaultError

MEMORY = 768 * 1024 * 1024
"""Bytes of address space, of which Python and the parsers take up to 150 MB."""

CPU_SECONDS = 18

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def reader_of(kind: str, longest: int) -> Callable[[bytes], str]:
    """Gives what reads files of this kind; loads its parser and no other."""
    match kind:
        case ".docx":
            from bot.files import word

            return word.read
        case ".pdf":
            from bot.files import pdf

            return lambda content: pdf.read(content, longest=longest)
        case ".eml":
            from bot.files import mail

            return mail.read
        case _:
            from bot.files import html

            return html.read


def tidied(text: str) -> str:
    """Gives `text` with line feeds for line ends, no control characters, U+FFFD for halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", _LINE_END.sub("\n", whole))


def outcome(read: Callable[[bytes], str], content: bytes, longest: int) -> dict[str, str]:
    """Gives what there is to say about `content`; a fault of a parser is one of the file."""
    try:
        text = tidied(read(content))
    except FaultError as error:
        return {"fault": error.fault.name}
    except (MemoryError, RecursionError):
        return {"fault": Fault.TOO_HEAVY.name}
    except Exception:  # parsers fail in ways of their own over what is not well-formed
        return {"fault": Fault.DAMAGED.name}
    return {"fault": Fault.TOO_LONG.name} if len(text) > longest else {"text": text}


def limit() -> None:
    """Bounds what a hostile file can make this process take; it can write no file."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(which, (most, most))


def main(kind: str, longest: int) -> None:
    """Reads one file."""
    read = reader_of(kind, longest)
    limit()
    json.dump(outcome(read, sys.stdin.buffer.read(), longest), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
