"""Text of a message's HTML, which has the line breaks, lists and quotes that its plain text may lack."""

import re
from typing import Any

import lxml.etree
import lxml.html

from bot.channels.teams.mentions import Write
from bot.channels.written import link

_LINES = frozenset(
    "address article aside body codeblock dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr html main ol p pre"
    " section table tr ul".split()
)
"""Elements on lines of their own. In Teams a paragraph is a line: people set it apart with an empty one."""
_VERBATIM = frozenset(("pre", "codeblock"))
_UNSEEN = "head", "title", "script", "style", "template"
_SKYPE = "http://schema.skype.com/"
_QUOTED = f'//blockquote[@itemtype="{_SKYPE}Reply"]'
"""What another message said that this one replies to."""
_FORWARDED = f"{_SKYPE}Forward"
_MENTIONS = f'//*[self::at or @itemtype="{_SKYPE}Mention"]'
_EMOJI = f'//emoji | //img[@itemtype="{_SKYPE}Emoji"]'
_BLANK = re.compile(r"[ \t\r\n\f]+")
_UNSEEN_CHARACTERS = re.compile("[\u200b\u2060\ufeff]")
_HARD = "\xa0"


class UnreadableHtmlError(Exception):
    """It is nested deeper than the parser goes, so that some of it would be missing."""


def read_html(html: str, write: Write) -> str:
    """Gives what is seen of `html`: a line a paragraph, "- " or "1. " before items, "> " before quoted lines.

    Replies do not hold what they reply to. `write` gives what stands for a mention.

    Raises:
        UnreadableHtmlError: it cannot be read whole.
    """
    tree = _parsed(html)
    if tree is None:
        return ""
    lxml.etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    for quote in tree.xpath(_QUOTED):
        quote.drop_tree()
    for mention in tree.xpath(_MENTIONS):
        _put(mention, write("".join(mention.itertext())))
    for emoji in tree.xpath(_EMOJI):
        _put(emoji, emoji.get("alt") or "")
    page = _Page()
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            page.begin(element)
        else:
            page.end(element)
    return page.text()


def seen(text: str) -> str:
    """Gives `text` without what Teams puts in and nobody typed: hard spaces, characters without width."""
    return _UNSEEN_CHARACTERS.sub("", text).replace(_HARD, " ")


def _parsed(html: str) -> Any:  # noqa: ANN401 - lxml ships no types
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    if not html.strip():
        return None
    tree = lxml.etree.fromstring(html.encode("utf-8", "replace"), parser)
    if any(error.level_name == "FATAL" for error in parser.error_log):
        raise UnreadableHtmlError("nested too deep")
    return tree


def _put(element: Any, text: str) -> None:  # noqa: ANN401 - as above
    """Puts `text` in the place of what is in an element."""
    for child in list(element):
        element.remove(child)
    element.text = text


class _Box:
    """What stands before the lines of an item or a quote: something else before the first."""

    def __init__(self, first: str, rest: str) -> None:
        self._next, self._rest = first, rest

    def take(self) -> str:
        taken, self._next = self._next, self._rest
        return taken


class _Page:
    """Lines, written as the elements come."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._boxes: list[_Box] = []
        self._numbers: list[int | None] = []
        self._verbatim = 0

    def text(self) -> str:
        """Everything so far, without empty lines before and after it."""
        self._close()
        return "\n".join(self._lines).strip("\n")

    def begin(self, element: Any) -> None:  # noqa: ANN401 - as above
        """Takes in the start of an element and the text that it begins with."""
        tag = element.tag
        if tag in _LINES or tag in ("li", "blockquote"):
            self._close()
        match tag:
            case "ol":
                start = element.get("start") or ""
                self._numbers.append(int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1)
            case "ul":
                self._numbers.append(None)
            case "li":
                self._boxes.append(self._item())
            case "blockquote":
                mark = "" if element.get("itemtype") == _FORWARDED else "> "
                self._boxes.append(_Box(mark, mark))
            case "br":
                self._break()
            case "td" | "th" if self._line:
                self._line += "\t"
        self._verbatim += tag in _VERBATIM
        self._add(element.text)

    def end(self, element: Any) -> None:  # noqa: ANN401 - as above
        """Takes in the end of an element and the text behind it."""
        tag = element.tag
        if tag == "a":
            label = " ".join("".join(element.itertext()).split())
            url = (element.get("href") or "").strip()
            self._line += link(url, label).removeprefix(label) if url and label else ""
        if tag in _LINES or tag in ("li", "blockquote"):
            self._close()
        if tag in ("ol", "ul"):
            self._numbers.pop()
        elif tag in ("li", "blockquote"):
            self._boxes.pop()
        self._verbatim -= tag in _VERBATIM
        self._add(element.tail)

    def _item(self) -> _Box:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return _Box("- ", "  ")
        self._numbers[-1] = number + 1
        return _Box(f"{number}. ", " " * len(f"{number}. "))

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._verbatim:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._line += first.replace(" ", _HARD)
            for other in others:
                self._break()
                self._line += other.replace(" ", _HARD)
            return
        flowing = _BLANK.sub(" ", text)
        self._line += flowing.lstrip(" ") if not self._line or self._line.endswith((" ", "\t")) else flowing

    def _close(self) -> None:
        """Ends the line if anything is on it, be it nothing to see: that is how an empty line is written."""
        if self._line:
            self._break()

    def _break(self) -> None:
        before = "".join(box.take() for box in self._boxes)
        self._lines.append((before + seen(self._line)).rstrip())
        self._line = ""
