"""Replies with nasty text, and what a reader sees of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.channels.slack.render.message import MAX_CHARACTERS, Block, Message
from bot.channels.visible import visible
from bot.core.lessons import GuideRow
from bot.core.replies import Answer, Citation, EngineName, Fallback, Guide, Help, HelpEntry
from tests.slack.loopback.block_rules import faults, text_total
from tests.slack.loopback.flatten import Flattener
from tests.slack.loopback.mrkdwn import mrkdwn_pings
from tests.slack.loopback.workspace import Json, Workspace

NASTY = (
    "<!channel>",
    "<@U1>",
    "<!subteam^S1>",
    "<#C1|general>",
    "<http://evil.example|here>",
    "[here](http://evil.example)",
    "![here](http://evil.example)",
    "[1](http://evil.example)",
    "[1]: http://evil.example",
    "```",
    "~~~",
    "`",
    "*bold* _italic_ ~gone~",
    "> quoted",
    "# heading",
    ":tada:",
    "&lt;!here&gt;",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}",
    "e\N{COMBINING ACUTE ACCENT}",
    "\ud800",
    "\udc00",
    "\x00\x1b[2J",
    "\u202egnp.exe",
    "\r\n",
    "\r",
    "\n",
    "\n\n",
    " ",
    "\t",
    "word ",
    "A sentence. ",
    'Say: "Ten years." [1]',
    '\n\nSay: "A <b> & c." [2]\n\n',
)


def _long(unit: str, length: int) -> str:
    return (unit * length)[:length]


nasty_texts = st.one_of(
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), max_size=12).map("".join),
    st.builds(_long, st.sampled_from(NASTY), st.sampled_from((3_000, 3_001, 20_000))),
)

citations = st.lists(
    st.builds(
        Citation, n=st.integers(1, 999), lesson=nasty_texts, section=nasty_texts, quote=nasty_texts, line=st.just(1)
    ),
    max_size=6,
).map(tuple)

rows = st.builds(
    GuideRow,
    lesson=st.sampled_from(["roofs", "bees", "<!here>"]),
    section=nasty_texts,
    row=st.integers(1, 99),
    dont_say=nasty_texts,
    say=nasty_texts,
    why=nasty_texts,
    line=st.just(1),
)

answers = st.builds(
    Answer,
    id=st.just("slack:T1/C1/1.2"),
    question=st.just("q"),
    text=nasty_texts,
    covered=st.booleans(),
    citations=citations,
    closest=citations,
    engine=st.sampled_from(EngineName),
    latency_ms=st.just(1.0),
    model=st.one_of(st.none(), nasty_texts),
    prompt_version=st.integers(1, 99),
    prompt_stale=st.booleans(),
    fallback=st.one_of(st.none(), st.sampled_from(Fallback)),
)

guides = st.builds(Guide, words=nasty_texts, rows=st.lists(rows, max_size=60).map(tuple))

helps = st.builds(
    Help,
    entries=st.lists(st.builds(HelpEntry, usage=nasty_texts, does=nasty_texts), max_size=8).map(tuple),
    lessons=st.lists(nasty_texts, max_size=8).map(tuple),
    about=nasty_texts,
)

ANSWER = Answer(
    id="slack:T1/C1/1.2",
    question="Do they leak?",
    text='Say: "It holds ten years." [1]\n\nNot: "It never leaks." [2]\n\nAsk for a visit <soon>. [1]',
    covered=True,
    citations=(
        Citation(n=1, lesson="roofs", section="Care", quote="It holds ten years.", line=3),
        Citation(n=2, lesson="roofs", section="Guide", quote="It never leaks.", line=9),
        Citation(n=3, lesson="roofs", section="Care", quote="Gutters need a look.", line=4),
    ),
    closest=(),
    engine=EngineName.LESSONS,
    latency_ms=1.0,
    model=None,
    prompt_version=3,
    prompt_stale=False,
)
NOT_COVERED = replace(
    ANSWER,
    text="This isn't covered.",
    covered=False,
    citations=(),
    closest=(Citation(n=1, lesson="roofs", section="Care", quote="Gutters need a look.", line=4),),
)

ROW = GuideRow("roofs", "Guide", 2, "It never leaks", "It holds ten years", "Keeps a promise", 9)
unhurried = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""Long texts take their time on a busy machine."""

_FLATTENER = Flattener(Workspace())


def seen(blocks: Sequence[Block]) -> str:
    """What a reader sees of blocks, without what separates paragraphs and bars."""
    return _FLATTENER.blocks(plain_json(blocks))


def seen_of(messages: Iterable[Message]) -> str:
    return "\n".join(seen(message.blocks) for message in messages)


def contains(shown: str, text: str) -> bool:
    """Whether the text is there whole, in one piece or over several blocks, which end lines."""
    return joined(text) in joined(shown)


def joined(text: str) -> str:
    return visible(text).replace("\n", "")


def check(messages: Sequence[Message]) -> None:
    """Slack takes the messages as they are, and nobody is pinged by them."""
    assert messages
    for message in messages:
        assert faults(plain_json(message.blocks), "message") == []
        assert text_total(plain_json(message.blocks)) <= MAX_CHARACTERS
        assert list(_FLATTENER.pings(plain_json(message.blocks))) == []
        assert [ping for ping in mrkdwn_pings(message.text) if ping.startswith("<")] == []
        assert "<" not in message.text
        assert message.text.strip()
        assert message.blocks
        message.text.encode()


def plain_json(blocks: Sequence[Block]) -> list[Json]:
    """Blocks as Slack gets them."""
    sent: list[Json] = json.loads(json.dumps(blocks))
    return sent
