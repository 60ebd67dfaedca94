"""Slack's composer: what a person types becomes rich text, and the `text` that a message has beside it.

Plain text is one section. Formatted text is typed with the composer's own shortcuts: *bold*, _italic_, ~strike~,
`code`, ":tada:", lines that begin with "- ", "1. " or "> ", and ``` around a code block; four spaces more are a level
more. Spaces, blank lines and the ends of lines stand in both as Slack has them: its own examples are
https://github.com/slack-go/slack/pull/1155 and https://github.com/pocka/slack-message-parser/issues/39.
"""

import re
from collections.abc import Iterator, Sequence

from tests.slack.loopback.mrkdwn import escaped
from tests.slack.loopback.workspace import Json

EMOJI = {"tada": "1f389", "+1": "1f44d", "heart": "2764-fe0f", "wave": "1f44b-1f3fc"}
"""Those that are known; any other name is an emoji of the workspace's own."""

_TYPED = re.compile(
    r"(?P<mention><[@#!][A-Za-z0-9|_^-]+>)"
    r"|(?P<url>\bhttps?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"])"
    r"|(?P<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b)"
    r"|(?P<domain>\bwww\.[\w-]+(?:\.[\w-]+)+\b)"
)
_FORMATTED = re.compile(r"(?<!\w)(?:([*_~`])(?=\S)([^\n]*?\S)\1|:([a-z0-9+_-]+):)(?!\w)")
_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_MARKS = {style: mark for mark, style in _STYLES.items()}
_ITEM = re.compile(r"(?P<indent> *)(?:(?P<bullet>-)|(?P<number>\d+)\.) (?P<words>.*)")
_BULLETS = "•◦▪"
_KINDS = {">": "rich_text_quote", "```": "rich_text_preformatted", "": "rich_text_section"}


def composed(text: str, *, formatted: bool = False) -> list[Json]:
    """The blocks of a message whose author typed this."""
    elements = list(_containers(text)) if formatted else [_section(_plain(text))]
    kept = [each for each in elements if each["elements"]]
    return [{"type": "rich_text", "block_id": "typed", "elements": kept}] if kept else []


def text_of(blocks: Sequence[Json]) -> str:
    """The `text` that Slack makes of a message's blocks: mrkdwn, where each list or quote ends its line."""
    return "".join(_mrkdwn(element) for block in blocks for element in block["elements"])


def _section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def _containers(text: str) -> Iterator[Json]:
    """Sections, lists, quotes and code blocks; a section that something follows ends with a newline."""
    runs = list(_runs(text.split("\n")))
    for number, (kind, lines) in enumerate(runs, 1):
        if kind.startswith("list"):
            yield _list(lines)
        elif kind == "```":
            yield {"type": _KINDS[kind], "elements": [{"type": "text", "text": "\n".join(lines)}], "border": 0}
        else:
            end = "\n" if kind == "" and number < len(runs) else ""
            yield {"type": _KINDS[kind], "elements": list(_inline("\n".join(lines) + end))}


def _runs(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines that belong together, each run with what it is."""
    kept: list[str] = []
    kind = None
    fenced = False
    for line in lines:
        if line == "```":
            fenced = not fenced
            continue
        item = _ITEM.fullmatch(line)
        if fenced:
            now, words = "```", line
        elif item:
            now, words = f"list {len(item['indent'])} {bool(item['bullet'])}", line
        elif line.startswith("> "):
            now, words = ">", line[2:]
        else:
            now, words = "", line
        if now != kind and kind is not None:
            yield kind, kept
            kept = []
        kind = now
        kept.append(words)
    if kind is not None:
        yield kind, kept


def _list(lines: Sequence[str]) -> Json:
    items = [item for line in lines if (item := _ITEM.fullmatch(line))]
    first = items[0]
    made: Json = {
        "type": "rich_text_list",
        "elements": [_section(list(_inline(item["words"]))) for item in items],
        "style": "bullet" if first["bullet"] else "ordered",
        "indent": len(first["indent"]) // 4,
        "border": 0,
    }
    if first["number"] and first["number"] != "1":
        made["offset"] = int(first["number"]) - 1
    return made


def _inline(text: str) -> Iterator[Json]:
    at = 0
    for found in _FORMATTED.finditer(text):
        yield from _plain(text[at : found.start()])
        at = found.end()
        mark, words, name = found.groups()
        if name:
            yield {"type": "emoji", "name": name} | ({"unicode": EMOJI[name]} if name in EMOJI else {})
        else:
            yield from ({**each, "style": {_STYLES[mark]: True}} for each in _plain(words))
    yield from _plain(text[at:])


def _plain(text: str) -> list[Json]:
    """Typed text as elements: links are made of addresses; mentions are picked, not typed."""
    parts: list[Json] = []
    at = 0
    for found in _TYPED.finditer(text):
        if found.start() > at:
            parts.append({"type": "text", "text": text[at : found.start()]})
        at = found.end()
        parts.append(_picked(found[0]) if found["mention"] else _linked(found))
    if at < len(text):
        parts.append({"type": "text", "text": text[at:]})
    return parts


def _picked(mention: str) -> Json:
    target = mention[1:-1].partition("|")[0]
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    return {"type": "broadcast", "range": target[1:]}


def _linked(found: re.Match[str]) -> Json:
    whole = found[0]
    if found["url"]:
        return {"type": "link", "url": whole}
    return {"type": "link", "url": f"mailto:{whole}" if found["mail"] else f"http://{whole}", "text": whole}


def _mrkdwn(element: Json) -> str:
    if element["type"] == "rich_text_list":
        return "".join(_items(element))
    words = "".join(map(_piece, element["elements"]))
    if element["type"] == "rich_text_quote":
        return "".join(f"&gt; {line}\n" for line in words.split("\n"))
    return f"```{words}```\n" if element["type"] == "rich_text_preformatted" else words


def _items(element: Json) -> Iterator[str]:
    for number, item in enumerate(element["elements"], 1 + element.get("offset", 0)):
        bullet = _BULLETS[element["indent"] % len(_BULLETS)] if element["style"] == "bullet" else f"{number}."
        yield f"{'    ' * element['indent']}{bullet} {''.join(map(_piece, item['elements']))}\n"


def _piece(element: Json) -> str:
    match element["type"]:
        case "user":
            words = f"<@{element['user_id']}>"
        case "channel":
            words = f"<#{element['channel_id']}>"
        case "usergroup":
            words = f"<!subteam^{element['usergroup_id']}>"
        case "broadcast":
            words = f"<!{element['range']}>"
        case "emoji":
            words = f":{element['name']}:"
        case "link":
            label = f"|{escaped(element['text'])}" if "text" in element else ""
            words = f"<{escaped(element['url'])}{label}>"
        case _:
            words = escaped(element["text"])
    for style in element.get("style", ()):
        words = f"{_MARKS[style]}{words}{_MARKS[style]}"
    return words
