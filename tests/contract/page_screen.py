"""What a person at the page has before them, read from its elements."""

import re
from collections.abc import Sequence
from typing import Any

from tests.contract.reading import CHOSEN, OFFERS
from tests.contract.shown import Change

PROSE = """prose => {
    const shown = prose.cloneNode(true);
    for (const mark of shown.querySelectorAll("button.ref")) mark.replaceWith(`[${mark.textContent}]`);
    const labels = { "Not that": "Not: ", Why: "Why: " };
    return [...shown.querySelectorAll(":scope > p, dd, figure.say blockquote")].map((each) =>
      each.matches("dd") ? labels[each.previousSibling.textContent] + each.textContent
      : each.matches("blockquote") ? `Say: "${each.textContent.replace(/\\s*\\[\\d+\\]/g, "")}"`
      : each.textContent);
}"""
CARDS = """cards => cards.map((card) => ({
    wrote: card.querySelector(".was").innerText,
    instead: card.querySelector(".now").innerText,
    why: [...card.querySelectorAll(".why")].map((why) => why.innerText),
    offered: [...card.querySelectorAll("label")].map((label) => label.innerText),
    state: card.querySelector(".state").innerText,
    told: card.querySelector(".told")?.innerText ?? "",
}))"""
ROWS = """rows => rows.map((row) =>
    [".not span:last-child", ".say span:last-child", ".why"].map((part) => row.querySelector(part).innerText))"""
_STAMP = re.compile(r"\N{MIDDLE DOT} prompt (\d+)")


def change(card: dict[str, Any]) -> Change:
    words: Sequence[str] = card["offered"]
    chosen = CHOSEN.fullmatch(card["told"])
    return Change(
        wrote=card["wrote"],
        instead=card["instead"],
        why=tuple(card["why"]),
        offered=tuple(choice for choice, label in OFFERS.items() if label in words),
        stands=card["state"] == "Replaced",
        reason=(chosen["why"] or "") if chosen else "",
    )


def stamp(told: str) -> int | None:
    found = _STAMP.search(told)
    return int(found[1]) if found else None
