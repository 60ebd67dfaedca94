from dataclasses import replace
from typing import get_args

import pytest

from bot.channels.slack.render.reply import render_reply
from bot.core.commands import HELP
from bot.core.prompts import Act, Change, ChangedLine, Moved, PromptReply, Trail, VersionDiff, VersionList, VersionText
from bot.core.replies import (
    Edit,
    EngineName,
    Failed,
    Finding,
    Forgotten,
    Guide,
    Help,
    Noted,
    Refused,
    Reply,
    Review,
)
from tests.slack.rendering import ANSWER, NASTY, ROW, check
from tests.terminal.version_replies import NOW, PROPOSED, card, entry

EVIL = " ".join(NASTY)
DRAFT = f"Hi\nIt never leaks {EVIL}.\nBye"
FOUND = Finding(
    row=replace(ROW, dont_say=EVIL, say=EVIL, why=EVIL), start=3, end=len(DRAFT) - 4, quote=DRAFT[3:-4], confidence=0.9
)
REPLIES: list[Reply] = [
    replace(ANSWER, text=EVIL),
    Review(
        draft=DRAFT,
        findings=(FOUND,),
        notes=(FOUND,),
        edits=(Edit(start=FOUND.start, end=FOUND.end, before=FOUND.quote, after=EVIL),),
        rewritten=f"Hi\n{EVIL}\nBye",
        engine=EngineName.LESSONS,
        latency_ms=1,
        prompt_version=1,
        prompt_stale=False,
    ),
    Guide(EVIL, (replace(ROW, say=EVIL),)),
    Help(HELP, (EVIL,), EVIL),
    Forgotten(2),
    Noted("up"),
    Refused(EVIL),
    Failed(EVIL),
    VersionList((card(1, live=True, by=EVIL, note=EVIL), card(2, share=5)), NOW),
    VersionText(card(1, by=EVIL, note=EVIL), EVIL, NOW),
    VersionDiff(1, 2, (ChangedLine(Change.ADDED, EVIL, ((1, 5),)),)),
    VersionDiff(1, 2, ()),
    Trail((entry(1, Act.DENIED, by=EVIL, note=EVIL, detail=EVIL),), earlier=True, now=NOW),
    replace(PROPOSED, version=card(1, by=EVIL, note=EVIL), note=EVIL, warnings=(EVIL,)),
    Moved(None, EVIL),
]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_every_reply_is_within_slacks_limits_and_pings_nobody(reply: Reply) -> None:
    check(render_reply(reply))


def test_no_kind_of_reply_is_left_out() -> None:
    kinds = {kind for kind in get_args(Reply) if kind is not PromptReply} | set(get_args(PromptReply))
    assert {type(reply) for reply in REPLIES} == kinds
