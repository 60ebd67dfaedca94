"""Draws what a person sees as a page that looks roughly like Slack, to be photographed."""

from tests.slack.loopback.picture_blocks import block_html, escaped, markdown_html, mrkdwn_html
from tests.slack.loopback.picture_style import STYLE
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER, View


def html_of(slack: Slack, user: str, channel: str) -> str:
    """A conversation as this person sees it."""
    parts = []
    roots = {each.thread_ts or each.ts for each in slack.seen(user, channel)}
    for root in sorted(roots):
        parts += [
            _message(slack, each, is_reply=each.thread_ts is not None) for each in slack.seen(user, channel, root)
        ]
        status = slack.status(channel, root)
        if status:
            parts.append(f'<p class="small">{escaped(slack.users[BOT_USER].name)} {escaped(status)}</p>')
    there = slack.channels[channel]
    name = "Direct messages" if there.kind == "im" else f"#{there.name}"
    failures = [f'<p class="error">{escaped(each.text)}</p>' for each in slack.failures if each.user == user]
    return _page(name, "".join([*parts, *failures]))


def html_of_view(slack: Slack, view: View) -> str:
    """A modal or an App Home."""
    body = "".join(block_html(slack, block, view.errors) for block in view.blocks)
    buttons = [
        f'<button class="{style}">{escaped(view.payload[key]["text"])}</button>'
        for key, style in (("close", ""), ("submit", "primary"))
        if view.payload.get(key)
    ]
    return _page(view.title or "Home", f"{body}<footer>{''.join(buttons)}</footer>")


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escaped(title)}</title><style>{STYLE}</style>'
    main = f"<main><h2>{escaped(title)}</h2>{body}</main>"
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{main}</body></html>'


def _message(slack: Slack, seen: Seen, *, is_reply: bool) -> str:
    user = slack.users.get(seen.author)
    name = user.name if user else seen.author
    parts = []
    if seen.streamed:
        parts.append(markdown_html(seen.streamed))
    if seen.blocks:
        parts += [block_html(slack, block, {}) for block in seen.blocks]
    elif seen.text and not seen.streamed:
        parts.append(f'<div class="block">{mrkdwn_html(slack, seen.text)}</div>')
    parts += [f'<div class="file">[file] {escaped(str(each.info["name"]))}</div>' for each in seen.files]
    notes = [
        note
        for is_so, note in (
            (seen.ephemeral, "Only visible to you"),
            (seen.edited, "(edited)"),
            (seen.streaming, "…"),
        )
        if is_so
    ]
    if seen.broken:
        parts.append('<p class="broken">Something went wrong</p>')
    kinds = " ".join(kind for is_so, kind in ((is_reply, "reply"), (seen.ephemeral, "aside")) if is_so)
    badge = ' <span class="small">APP</span>' if seen.author == BOT_USER else ""
    face = f'<div class="face">{escaped(name[:1].upper())}</div>'
    who = f'<span class="who">{escaped(name)}</span>{badge} <span class="small">{escaped(" ".join(notes))}</span>'
    return f'<article class="{kinds}">{face}<div>{who}{"".join(parts)}</div></article>'
