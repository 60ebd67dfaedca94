from dataclasses import replace

import pytest
from hypothesis import given

from bot.channels.teams.render.message import Message
from bot.channels.teams.render.moves import CANCEL, CONFIRM, DIFF, LIST, PROPOSE, SHOW, TRAIL, note_id, share_id
from bot.channels.teams.render.versions import HOW_TO_CONFIRM, version_card, versions_messages
from bot.channels.version_lines import does
from bot.core.prompts import Act, Moved, PromptReply, Proposed, VersionDiff, VersionList, VersionText
from bot.core.prompts import Trail as TrailReply
from tests.slack.rendering import nasty_texts, unhurried
from tests.slack.test_render_versions import MAX_NOTE, proposals, replies
from tests.teams.rendering import cards_of, check, check_card, contains, parts_of, pressed, seen, seen_of, sent
from tests.terminal import version_replies as made_of

ROLLED_BACK = replace(made_of.PROPOSED, act=Act.ROLLED_BACK)


def told(reply: PromptReply, pending: str | None = None) -> list[str]:
    return seen_of(versions_messages(reply, pending)).splitlines()


def distinct(reply: PromptReply) -> PromptReply:
    """Numbers of versions differ; those that hypothesis makes may not."""
    if not isinstance(reply, VersionList):
        return reply
    return replace(reply, versions=tuple({each.number: each for each in reply.versions}.values()))


@unhurried
@given(replies)
def test_any_reply_about_versions_is_within_teams_limits(reply: PromptReply) -> None:
    reply = distinct(reply)
    check(versions_messages(reply, "move-1"))
    check_card(version_card(reply, "move-1"))
    check(versions_messages(reply, None))


@unhurried
@given(proposals)
def test_a_proposal_is_shown_whole_and_can_be_confirmed(proposed: Proposed) -> None:
    made = versions_messages(proposed, "move-1")
    shown = seen_of(made)
    assert contains(shown, proposed.note, proposed.version.note, *proposed.warnings)
    lines = proposed.diff.lines if proposed.diff else ()
    assert contains(shown, *(line.text for line in lines if line.change.value != "\N{HORIZONTAL ELLIPSIS}"))
    assert [verb for verb, _ in pressed(made)] == [CONFIRM, CANCEL]
    in_one = [Message(cards=(version_card(proposed, "move-1"),))]
    assert [data for verb, data in pressed(in_one) if verb in (CONFIRM, CANCEL)] == [{"move": "move-1"}] * 2
    assert contains(seen_of(in_one), proposed.note, *proposed.warnings)


@unhurried
@given(nasty_texts)
def test_a_versions_text_is_shown_whole(text: str) -> None:
    made = versions_messages(VersionText(made_of.LIVE, text, made_of.NOW), None)
    shown = "".join(str(each.get("value", "")) for each in parts_of(cards_of(made), "Input.Text"))
    assert contains(shown, text)


def test_a_version_says_since_when_and_by_whom_it_is_live_and_what_it_did() -> None:
    shown = told(made_of.LIST)
    at = shown.index("\N{BLACK CIRCLE} Version 3, live since 2026-03-04 10:00 UTC (2 h ago), by slack:T1/U1")
    assert shown[at + 1 : at + 4] == [
        "12,040 replies · 41 up, 3 down · 1 refused by the guard, 2 by another engine"
        " · 500 ms/2.5 s latency (half, 95%) · 12% from cache · 1.1M tokens for 1,000 replies"
        " · $4.10 for 1,000 replies · evaluation 118/122, 4 failed",
        "published 3 d ago by slack:T024BE7LD/U023BECGF — Shorter answers.",
        "[Show version 3]",
    ]


def test_what_can_be_pressed_carries_numbers_and_nothing_else() -> None:
    made = versions_messages(made_of.LIST, None)
    assert pressed(made) == [
        (SHOW, {"number": 4}),
        (DIFF, {"old": 3, "new": 4}),
        (PROPOSE, {"act": "activate", "number": 4}),
        (SHOW, {"number": 3}),
        (SHOW, {"number": 1}),
        (DIFF, {"old": 3, "new": 1}),
        (PROPOSE, {"act": "activate", "number": 1}),
        (TRAIL, {}),
        (PROPOSE, {"act": "rollback"}),
    ]


def test_a_move_is_proposed_with_a_reason_and_a_share() -> None:
    (card,) = cards_of(versions_messages(made_of.LIST, None))
    asked = [[each["id"] for each in shown["card"]["body"]] for shown in parts_of(card, "Action.ShowCard")]
    assert asked == [[note_id(4), share_id(4)], [note_id(1), share_id(1)], [note_id(), "to"]]
    notes = [each for each in parts_of(card, "Input.Text") if str(each["id"]).startswith("note")]
    assert all(each["isRequired"] and each["errorMessage"] for each in notes)
    shares = [each for each in parts_of(card, "Input.Number") if str(each["id"]).startswith("share")]
    assert {(each["min"], each["max"]) for each in shares} == {(1, 99)}


def test_where_none_is_live_there_is_nothing_to_go_back_from_or_to_compare_with() -> None:
    made = versions_messages(VersionList((made_of.IDLE,), made_of.NOW), None)
    assert [verb for verb, _ in pressed(made)] == [SHOW, PROPOSE, TRAIL]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (VersionList((), made_of.NOW), "No version is published yet."),
        (TrailReply((), earlier=False, now=made_of.NOW), "Nothing has happened there."),
        (VersionDiff(1, 2, ()), "Versions 1 and 2 are the same."),
    ],
)
def test_nothing_is_said_to_be_nothing(reply: PromptReply, said: str) -> None:
    check(versions_messages(reply, None))
    assert told(reply)[0] == said


def test_a_comparison_has_a_sign_before_every_line() -> None:
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in told(made_of.DIFF)] == [
        "What changes from version 3 (-) to version 4 (+)",
        "  ## Answering",
        "- - Be brief.",
        f"+ - Be {'very ' * 20}brief.",
        "…",
        "[All versions]",
    ]


def test_the_trail_says_who_did_what_when_and_why() -> None:
    shown = told(made_of.TRAIL)
    assert shown[:4] == [
        "12  slack:T1/U9 was denied: activate version 4",
        "5 min ago, 2026-03-04 11:55 UTC",
        "11  auto ended the trial of version 4: version 3 serves everybody",
        "5 min ago, 2026-03-04 11:55 UTC — clearly worse",
    ]
    assert shown[-2:] == ["There are older ones: prompts log 6", "[All versions]"]


def test_a_proposal_names_what_it_replaces_and_asks_below_the_comparison() -> None:
    made = versions_messages(made_of.PROPOSED, "move-1")
    shown = told(made_of.PROPOSED, "move-1")
    at = shown.index("Make version 4 live for everybody in place of version 3")
    assert at > shown.index("- - Be brief.")
    assert shown[at + 1 : at + 5] == [
        "Now: version 3, made live 2 h ago by slack:T1/U1, 2026-03-04 10:00 UTC · evaluation 118/122, 4 failed"
        " · Shorter answers.",
        "Then: version 4, published 2 h ago by local, 2026-03-04 10:00 UTC · evaluation 122/122 passed"
        " · Shorter answers.",
        "Reason: shorter answers",
        "Note: Version 4 has not been evaluated: coach eval --prompt 4",
    ]
    assert shown[-2:] == ["[Make version 4 live]", "[Cancel]"]
    assert sent(made[0])["summary"] == "Make version 4 live for everybody in place of version 3"


def test_a_proposal_that_is_not_kept_says_how_to_confirm_it() -> None:
    assert told(made_of.PROPOSED)[-1] == HOW_TO_CONFIRM
    assert CONFIRM not in [verb for verb, _ in pressed(versions_messages(made_of.PROPOSED, None))]


@pytest.mark.parametrize(("proposed", "style"), [(made_of.PROPOSED, "positive"), (ROLLED_BACK, "destructive")])
def test_the_button_says_what_it_does(proposed: Proposed, style: str) -> None:
    (button, _) = list(parts_of(cards_of(versions_messages(proposed, "move-1")), "Action.Execute"))[-2:]
    assert (button["title"], button["style"]) == (does(proposed), style)


def test_after_a_move_it_says_what_came_of_it_and_leads_back() -> None:
    made = versions_messages(made_of.MOVED, None)
    assert pressed(made) == [(LIST, {})]
    assert seen(made[0]).splitlines()[:2] == [
        "Version 4 is live in place of version 3.",
        "local made version 4 live in place of version 3, 2026-03-04 11:55 UTC.",
    ]
    assert told(Moved(None, "Version 3 is live already."))[0] == "Version 3 is live already."


def test_many_versions_take_several_messages_and_one_card_says_where_the_others_are() -> None:
    many = VersionList(tuple(made_of.card(number, note="x" * MAX_NOTE) for number in range(120, 0, -1)), made_of.NOW)
    made = versions_messages(many, None)
    check(made)
    assert len(made) > 2
    assert sum(line.startswith("Version ") for line in told(many)) == len(many.versions)
    card = version_card(many, None)
    check_card(card)
    shown = seen_of([Message(cards=(card,))])
    assert "This is only the beginning. All of it: prompts" in shown
    assert shown.endswith("[What happened]")


def test_a_long_comparison_is_not_in_the_way_of_the_buttons() -> None:
    long = replace(made_of.PROPOSED, diff=VersionDiff(3, 4, made_of.DIFF.lines * 300))
    shown = seen_of([Message(cards=(version_card(long, "move-1"),))])
    assert "This is only the beginning. All of it: prompts diff 3 4" in shown
    assert shown.endswith("[Make version 4 live]\n[Cancel]")
