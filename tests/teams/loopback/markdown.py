"""Teams' Markdown as a reader sees it, and what in it links."""

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MESSAGES = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"])
_CARDS = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["heading", "lheading", "table"])
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)


def plain(text: str, *, in_card: bool = False) -> str:
    """Markdown with its marks gone.

    A single line break is none, two are a new paragraph. A message takes HTML: what looks like a tag is not seen.
    A card shows it as it stands.
    """
    reader = _CARDS if in_card else _MESSAGES
    return "\n".join(_Reader().lines(reader.parse(text))).strip("\n")


def links(text: str) -> list[str]:
    """Where a message's links and images lead."""
    found = []
    for token in _MESSAGES.parse(text):
        for each in token.children or ():
            if each.type in ("link_open", "image"):
                found.append(str(each.attrs.get("href") or each.attrs.get("src")))
            elif each.type == "html_inline":
                found += re.findall(r"""(?:href|src)\s*=\s*["']?([^"'\s>]+)""", each.content)
        if token.type == "html_block":
            found += re.findall(r"""(?:href|src)\s*=\s*["']?([^"'\s>]+)""", token.content)
    return found


class _Reader:
    """Reads one text's blocks; the marks of a list go before the first words of its items."""

    def __init__(self) -> None:
        self._mark = ""
        self._counts: list[int | None] = []
        self._cells: list[str] | None = None

    def lines(self, tokens: list[Token]) -> Iterator[str]:
        for token in tokens:
            self._structure(token)
            if token.type == "tr_close" and self._cells is not None:
                yield " | ".join(self._cells)
                self._cells = None
            elif token.type == "inline":
                yield from self._words("".join(_inline(token.children or [])))
            elif token.type in ("fence", "code_block"):
                yield from self._words(token.content.rstrip("\n"))
            elif token.type == "html_block":
                yield html.unescape(_TAG.sub("", _BREAK.sub("\n", token.content))).strip("\n")

    def _words(self, words: str) -> Iterator[str]:
        if self._cells is not None:
            self._cells.append(words)
        else:
            yield f"{self._mark}{words}"
            self._mark = ""

    def _structure(self, token: Token) -> None:
        if token.type == "ordered_list_open":
            self._counts.append(int(token.attrs.get("start", 1)))
        elif token.type == "bullet_list_open":
            self._counts.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            self._counts.pop()
        elif token.type == "list_item_open":
            count = self._counts[-1]
            self._mark = "• " if count is None else f"{count}. "
            self._counts[-1] = None if count is None else count + 1
        elif token.type == "tr_open":
            self._cells = []


def _inline(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak":
            yield "\n"
        elif token.type == "html_inline":
            yield "\n" if _BREAK.fullmatch(token.content) else ""
        elif token.type == "image":
            yield f"[{token.content}]"
        elif token.type in ("text", "code_inline", "text_special"):
            yield token.content
