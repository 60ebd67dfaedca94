"""Draws blocks as HTML, everything in them escaped."""

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from tests.slack.loopback.mrkdwn import unescaped
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Json

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_SPLIT = re.compile(r"(```.*?```|`[^`\n]+`|<[^<>\n]+>)", re.DOTALL)
_MARKS = {
    tag: re.compile(rf"(?<!\w){re.escape(mark)}(\S(?:[^\n]*?\S)?){re.escape(mark)}(?!\w)")
    for mark, tag in (("*", "b"), ("_", "i"), ("~", "s"))
}


def markdown_html(text: str) -> str:
    return f'<div class="block markdown">{_MARKDOWN.render(text)}</div>'


def block_html(slack: Slack, block: Json, errors: Json) -> str:
    kind = block["type"]
    if kind == "divider":
        return "<hr>"
    if kind == "header":
        return f"<h3>{escaped(block['text']['text'])}</h3>"
    if kind == "markdown":
        return markdown_html(block["text"])
    if kind == "rich_text":
        return f'<div class="block">{"".join(_rich(slack, each) for each in block["elements"])}</div>'
    if kind == "input":
        error = f'<p class="error">{escaped(str(errors[block["block_id"]]))}</p>' if block["block_id"] in errors else ""
        label, element = escaped(block["label"]["text"]), _element(slack, block["element"])
        return f'<div class="block"><b>{label}</b>{element}{error}</div>'
    if kind == "image":
        return f'<div class="block small">[image] {escaped(block["alt_text"])}</div>'
    return f'<div class="block {escaped(kind)}">{"".join(_parts(slack, block))}</div>'


def _parts(slack: Slack, block: Json) -> Iterator[str]:
    if "text" in block:
        yield f"<div>{_text(slack, block['text'])}</div>"
    if block.get("fields"):
        yield f'<div class="fields">{"".join(f"<div>{_text(slack, each)}</div>" for each in block["fields"])}</div>'
    for element in block.get("elements", ()):
        yield _element(slack, element)
    if "accessory" in block:
        yield f"<div>{_element(slack, block['accessory'])}</div>"


def _element(slack: Slack, element: Json) -> str:
    kind = element["type"]
    if kind in ("plain_text", "mrkdwn"):
        return f"<span>{_text(slack, element)} </span>"
    if kind in ("button", "icon_button"):
        return f'<button class="{escaped(element.get("style", ""))}">{escaped(element["text"]["text"])}</button>'
    if kind == "feedback_buttons":
        sides = (element["positive_button"], element["negative_button"])
        return "".join(f"<button>{escaped(side['text']['text'])}</button>" for side in sides)
    if kind == "image":
        return f'<span class="small">[image] {escaped(element["alt_text"])}</span>'
    if element.get("options"):
        mark = {"radio_buttons": "◯", "checkboxes": "☐"}.get(kind, "▾")
        return "".join(f"<div>{mark} {_text(slack, each['text'])}</div>" for each in element["options"])
    shown = element.get("initial_value") or element.get("placeholder", {}).get("text", "")
    return f'<div class="field">{escaped(str(shown))}</div>'


def _rich(slack: Slack, element: Json) -> str:
    if element["type"] == "rich_text_list":
        tag = "ol" if element["style"] == "ordered" else "ul"
        items = "".join(f"<li>{_inline(slack, each['elements'])}</li>" for each in element["elements"])
        start = f' start="{int(element["offset"]) + 1}"' if tag == "ol" and element.get("offset") else ""
        return f'<{tag}{start} style="margin-left:{int(element.get("indent", 0)) * 20}px">{items}</{tag}>'
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(element["type"], "div")
    return f"<{tag}>{_inline(slack, element['elements'])}</{tag}>"


def _inline(slack: Slack, pieces: list[Json]) -> str:
    shown = []
    for piece in pieces:
        kind, text = piece["type"], escaped(str(piece.get("text") or piece.get("url") or ""))
        if kind == "link":
            text = f'<a href="{escaped(piece["url"])}">{text}</a>'
        elif kind == "emoji":
            text = f":{escaped(piece['name'])}:"
        elif kind != "text":
            named = next(
                (str(piece[key]) for key in ("user_id", "channel_id", "range", "fallback") if key in piece), ""
            )
            user = slack.users.get(named)
            text = f'<span class="mention">@{escaped(user.name if user else named)}</span>'
        for style, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
            if piece.get("style", {}).get(style):
                text = f"<{tag}>{text}</{tag}>"
        shown.append(text)
    return "".join(shown)


def _text(slack: Slack, text: Json) -> str:
    return mrkdwn_html(slack, text["text"]) if text["type"] == "mrkdwn" else escaped(text["text"])


def mrkdwn_html(slack: Slack, text: str) -> str:
    shown = []
    for part in _SPLIT.split(text):
        if part.startswith("```") and len(part) > 5:
            shown.append(f"<pre>{escaped(unescaped(part.strip('`')))}</pre>")
        elif part.startswith("`") and len(part) > 1:
            shown.append(f"<code>{escaped(unescaped(part.strip('`')))}</code>")
        elif part.startswith("<"):
            target, _, label = part[1:-1].partition("|")
            if target[:1] in "@#!":
                user = slack.users.get(target[1:])
                shown.append(f'<span class="mention">@{escaped(user.name if user else label or target[1:])}</span>')
            else:
                shown.append(f'<a href="{escaped(unescaped(target))}">{escaped(unescaped(label or target))}</a>')
        else:
            plain = escaped(unescaped(part))
            for tag, mark in _MARKS.items():
                plain = mark.sub(rf"<{tag}>\1</{tag}>", plain)
            shown.append(plain)
    return "".join(shown)


def escaped(text: str) -> str:
    return html.escape(text, quote=True)
