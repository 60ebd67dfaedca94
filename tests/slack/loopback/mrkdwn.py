"""Slack's mrkdwn and markdown as a reader sees them, and what in them pings or links."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.slack.loopback.workspace import Workspace

_TOKEN = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_URL = re.compile(r"\bhttps?://[^\s<>|]+")
_MARKS = tuple(
    (
        re.compile(
            rf"(?<![\w{re.escape(mark)}]){re.escape(mark)}(\S(?:[^\n]*?\S)?){re.escape(mark)}(?![\w{re.escape(mark)}])"
        )
    )
    for mark in "*_~"
)
_QUOTE = re.compile(r"^&gt; ?", re.MULTILINE)
_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("text_join")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(workspace: Workspace, inside: str) -> str:
    """What stands between < and > as Slack shows it."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        user = workspace.users.get(target[1:])
        return f"@{user.name if user else label or target[1:]}"
    if target.startswith("#"):
        channel = workspace.channels.get(target[1:])
        return f"#{label or (channel.name if channel else target[1:])}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    return label or target.removeprefix("mailto:")


def plain_mrkdwn(workspace: Workspace, text: str) -> str:
    """mrkdwn without its marks, with its names and entities as they are read."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found.group().strip("`").strip("\n"))
        return f"\0{len(kept) - 1}\0"

    text = _CODE.sub(keep, text)
    text = _QUOTE.sub("", text)
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    text = re.sub(r"\0(\d+)\0", lambda found: kept[int(found.group(1))], text)
    return unescaped(_TOKEN.sub(lambda found: _shown(workspace, found.group(1)), text))


def mrkdwn_pings(text: str) -> Iterator[str]:
    """Mentions and links that Slack makes of mrkdwn; code has links, but no mentions."""
    for found in _TOKEN.finditer(text):
        inside = found.group(1)
        if inside.startswith(("@", "!", "#")) and not inside.startswith("!date^"):
            yield f"<{inside.partition('|')[0]}>"
        elif re.match(r"[a-z][a-z0-9+.-]*:", inside):
            yield inside.partition("|")[0]
    yield from _URL.findall(_TOKEN.sub(" ", text))


def _inline(workspace: Workspace, token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "text":  # mentions live here only: what is escaped, or code, is another kind of token
            parts.append(_TOKEN.sub(lambda found: _shown(workspace, found.group(1)), child.content))
        elif child.type in ("text_special", "code_inline", "image"):
            parts.append(child.content)
    return "".join(parts)


def plain_markdown(workspace: Workspace, text: str) -> str:
    """Standard markdown without its marks."""
    lines: list[str] = []
    bullets: list[int | None] = []
    lead = ""
    for token in _READER.parse(text):
        if token.type == "ordered_list_open":
            bullets.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            bullets.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            bullets.pop()
        elif token.type == "list_item_open":
            number = bullets[-1]
            lead = "• " if number is None else f"{number}. "
            bullets[-1] = None if number is None else number + 1
        elif token.type == "inline":
            lines.append(lead + _inline(workspace, token))
            lead = ""
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
    return "\n".join(lines)


def markdown_pings(text: str) -> Iterator[str]:
    """Mentions that stand open in markdown, and its links."""
    for token in _READER.parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href"))
            elif child.type == "text":
                for found in _TOKEN.finditer(child.content):
                    if found.group(1)[0] in "@!#":
                        yield f"<{found.group(1).partition('|')[0]}>"
                yield from _URL.findall(child.content)


def spread_of(text: str) -> int:
    """How many blocks Slack makes of a markdown block: each heading, rule, code or table one, and each run between."""
    blocks, in_run = 0, False
    for token in _READER.parse(text):
        if token.level or token.nesting < 0:
            continue
        alone = token.type in ("heading_open", "hr", "fence", "code_block", "table_open")
        blocks += alone or not in_run
        in_run = not alone
    return blocks
