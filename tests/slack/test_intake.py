"""What the coach hears in Slack, and what it passes over."""

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.file_reference import MAX_FILES, FileReference
from bot.channels.slack.intake import Heard, PassedOver, heard
from bot.channels.slack.origin import Origin, Where, read_origin
from bot.channels.slack.workspace import Workspace
from bot.core.messages import Incoming, Meant
from tests.slack.loopback.composer import composed, text_of

OURS = Workspace(team="T1", bot_user="UBOT", bot_id="BBOT")
ROOT, TS = "1700000000.000100", "1700000900.000200"
DRAFT = "Hi Dana,\n\nThis roof never leaks.\n\nBest,\nAnn"
FILE = {
    "id": "F1",
    "name": "draft.txt",
    "url_private": "https://files.slack.com/F1/draft.txt",
    "url_private_download": "https://files.slack.com/F1/download/draft.txt",
    "size": 12,
}


def event(text: str | None = "How long does a roof last?", **more: object) -> dict[str, Any]:
    """A message in a channel, of a member of ours, as Slack writes it."""
    return {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "team": "T1",
        "ts": TS,
        "event_ts": TS,
        "client_msg_id": "8f1c",
        "text": text,
        **more,
    }


def direct(text: str = "How long does a roof last?", **more: object) -> dict[str, Any]:
    return event(text, channel="D1", channel_type="im", **more)


def mention(text: str, **more: object) -> dict[str, Any]:
    """The twin of a message that mentions the coach."""
    twin = event(text, **more)
    return {key: value for key, value in twin.items() if key not in ("channel_type", "subtype")} | {
        "type": "app_mention"
    }


def without(holder: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in holder.items() if key not in names}


def hear(said: Mapping[str, Any], *, is_shared: bool = False) -> Heard | PassedOver:
    return heard(said, is_shared=is_shared, workspace=OURS)


def taken(said: Mapping[str, Any], *, is_shared: bool = False) -> Heard:
    found = hear(said, is_shared=is_shared)
    assert isinstance(found, Heard), found
    return found


def where(found: Heard) -> Where:
    return read_origin(found.message.origin).where


def test_a_direct_message_is_heard_and_answered_below_it() -> None:
    assert hear(direct("  is a roof\n&lt;new&gt;?  ")) == Heard(
        Incoming(
            id=f"slack:T1/D1/{TS}",
            person="slack:T1/U1",
            thread=f"slack:T1/D1/{TS}",
            text="  is a roof\n<new>?  ",
            channel="slack",
            meant=Meant.COMMAND,
            origin=Origin(where=Where.THREAD, team="T1", user="U1", channel="D1", ts=TS, thread=TS).text(),
        )
    )


def test_a_direct_message_in_a_thread_belongs_to_the_thread() -> None:
    message = taken(direct(thread_ts=ROOT)).message
    assert (message.id, message.thread) == (f"slack:T1/D1/{TS}", f"slack:T1/D1/{ROOT}")
    origin = read_origin(message.origin)
    assert (origin.ts, origin.thread, origin.quiet) == (TS, ROOT, False)


@pytest.mark.parametrize(
    "text",
    ["thanks", f"review {DRAFT}", DRAFT, "forget me", "prompts activate 2 better", "rollback worse", "+1", "help"],
)
def test_in_direct_messages_everything_is_heard_and_answered_there(text: str) -> None:
    found = taken(direct(text))
    assert found.message.text == text
    assert (where(found), found.follows_up, found.addresses) == (Where.THREAD, False, None)


@pytest.mark.parametrize("text", ["<@UBOT> why?", "why, <@UBOT>?", "why? <@UBOT>", "<@UBOT|coach> why?"])
def test_a_mention_is_taken_off_wherever_it_stands(text: str) -> None:
    for said in (event(text), mention(text), direct(text)):
        assert taken(said).message.text == "why?"
    assert taken(event("so <@UBOT> why is that?")).message.text == "so why is that?"


def test_who_mentions_the_coach_may_follow_up_in_the_thread_that_comes_of_it() -> None:
    found = taken(event("<@UBOT> why?"))
    assert (found.follows_up, found.addresses, where(found)) == (False, f"slack:T1/C1/{TS}/U1", Where.THREAD)
    found = taken(event("<@UBOT> why?", thread_ts=ROOT))
    assert (found.follows_up, found.addresses, where(found)) == (False, f"slack:T1/C1/{ROOT}/U1", Where.THREAD)
    assert found.message.thread == f"slack:T1/C1/{ROOT}"
    followed = taken(event("and how long does it take?", thread_ts=ROOT))
    assert (followed.follows_up, followed.addresses) == (True, found.addresses)
    assert read_origin(followed.message.origin).quiet
    assert followed.message.thread == found.message.thread
    other = taken(event("and how long does it take?", thread_ts=ROOT, user="U2"))
    assert other.addresses == f"slack:T1/C1/{ROOT}/U2"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"thread_ts": ROOT, "parent_user_id": "U2"},
        {"subtype": "file_share", "files": [FILE], "upload": False},
        {"subtype": "thread_broadcast", "thread_ts": ROOT, "root": {"text": "root"}},
        {"files": [{**FILE, "id": f"F{number}"} for number in range(MAX_FILES + 3)], "subtype": "file_share"},
    ],
)
@pytest.mark.parametrize("text", ["<@UBOT> why?", "is <@U2|ann> right, <@UBOT>?", f"<@UBOT> review {DRAFT}", "<@UBOT>"])
@pytest.mark.parametrize("is_shared", [False, True])
def test_the_two_events_of_one_mention_are_one_message_to_the_last_letter(
    text: str, more: dict[str, object], is_shared: bool
) -> None:
    assert hear(mention(text, **more), is_shared=is_shared) == taken(event(text, **more), is_shared=is_shared)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (event("How long does a roof last?"), PassedOver.NOT_ADDRESSED),
        (event("How long does a roof last?", channel_type="group", channel="G1"), PassedOver.NOT_ADDRESSED),
        (event("How long does a roof last?", channel_type="mpim", channel="G1"), PassedOver.NOT_ADDRESSED),
        (event("How long does a roof last?", thread_ts=TS), PassedOver.NOT_ADDRESSED),
        (event("&lt;@UBOT&gt; why?"), PassedOver.NOT_ADDRESSED),
        (event("<@UBOTTLE> why?"), PassedOver.NOT_ADDRESSED),
        (event("<#UBOT> why?"), PassedOver.NOT_ADDRESSED),
        (direct(edited={"user": "U1", "ts": TS}), PassedOver.SUBTYPE),
        (mention("<@UBOT> why?", edited={"user": "U1", "ts": TS}), PassedOver.SUBTYPE),
        (direct(hidden=True), PassedOver.SUBTYPE),
        (
            without(direct(subtype="message_changed", hidden=True, message=direct()), "user", "text", "team"),
            PassedOver.SUBTYPE,
        ),
        (
            without(direct(subtype="message_deleted", hidden=True, deleted_ts=ROOT), "user", "text", "team"),
            PassedOver.SUBTYPE,
        ),
        (event("<@UBOT> has joined", subtype="channel_join"), PassedOver.SUBTYPE),
        (event("<@UBOT> why?", subtype="bot_message", bot_id="B2"), PassedOver.SUBTYPE),
        (event("<@UBOT> topic", subtype="channel_topic"), PassedOver.SUBTYPE),
        (event("<@UBOT> why?", bot_id="B2"), PassedOver.BOT),
        (event("<@UBOT> why?", user="UBOT", bot_id="BBOT"), PassedOver.BOT),
        (direct(user="UBOT"), PassedOver.BOT),
        (direct(user="USLACKBOT"), PassedOver.BOT),
        (without(direct(), "user"), PassedOver.BOT),
        (direct(user=None), PassedOver.BOT),
    ],
)
def test_what_is_not_the_coachs_business_is_passed_over_and_counted(said: Mapping[str, Any], why: PassedOver) -> None:
    assert hear(said) is why


@pytest.mark.parametrize(
    ("team", "is_shared", "is_ours"),
    [
        ({"team": "T1"}, False, True),
        ({"team": "T1"}, True, True),
        ({}, False, True),
        ({}, True, False),
        ({"team": None}, True, False),
        ({"team": "T2"}, False, False),
        ({"team": "T2"}, True, False),
        ({"team": "T1", "user_team": "T2", "source_team": "T2"}, True, False),
        ({"team": "T1", "source_team": "T2"}, True, False),
        ({"team": "T2", "user_team": "T1", "source_team": "T1"}, True, True),
        ({"team": "T1", "user_team": "E2", "source_team": "E2"}, True, False),
        ({"team": "T2", "user_team": "E1", "source_team": "E1"}, False, False),
    ],
)
def test_members_of_other_companies_are_not_answered(team: dict[str, object], is_shared: bool, is_ours: bool) -> None:
    for said in (event("<@UBOT> why?"), mention("<@UBOT> why?"), direct()):
        found = hear({**without(said, "team"), **team}, is_shared=is_shared)
        assert isinstance(found, Heard) if is_ours else found is PassedOver.OUTSIDER


@pytest.mark.parametrize(
    "team",
    [
        {"team": "T1", "user_team": "E1", "source_team": "E1"},
        {"team": "T1", "user_team": "E1"},
        {"team": "T1", "user_team": "T3", "source_team": "T3"},
        {"team": "T3", "user_team": "T1", "source_team": "T1"},
        {"team": "E1", "source_team": "T1"},
        {"team": "E1", "user_team": "T1"},
    ],
)
def test_in_an_organization_a_member_is_one_by_any_of_the_names_where_no_other_company_is(team: dict[str, str]) -> None:
    for said in (event("<@UBOT> why?"), mention("<@UBOT> why?")):
        found = taken({**without(said, "team"), **team})
        assert (found.message.person, where(found)) == ("slack:T1/U1", Where.THREAD)


@pytest.mark.parametrize("named", [{}, {"team": None}])
@pytest.mark.parametrize(
    ("files", "is_ours"),
    [
        ([{**FILE, "user": "U1", "user_team": "T1"}], True),
        ([{**FILE, "user": "U1", "user_team": "T1"}, {"id": "F2"}], True),
        ([{**FILE, "user": "U1", "user_team": "T2"}], False),
        ([{**FILE, "user": "U1", "user_team": "E1"}], False),
        ([{**FILE, "user": "U2", "user_team": "T1"}], False),
        ([{**FILE, "user_team": "T1"}], False),
        ([{**FILE, "user": "U1"}], False),
        ([{"id": "F1", "mode": "file_access", "file_access": "check_file_info"}], False),
        ([], False),
    ],
)
def test_a_file_says_whose_its_message_is_where_another_company_sees_it_if_the_author_uploaded_it(
    files: list[dict[str, str]], named: dict[str, None], is_ours: bool
) -> None:
    more = {"subtype": "file_share", "files": files}
    for said in (event("<@UBOT> what of this?", **more), mention("<@UBOT> what of this?", **more)):
        found = hear({**without(said, "team"), **named}, is_shared=True)
        assert isinstance(found, Heard) if is_ours else found is PassedOver.OUTSIDER


def test_a_file_does_not_make_a_member_of_an_outsider_who_is_named() -> None:
    ours = {**FILE, "user": "U1", "user_team": "T1"}
    for named in ({"team": "T2"}, {"team": "T1", "user_team": "T2"}, {"source_team": "E2"}):
        said = event("<@UBOT> what of this?", subtype="file_share", files=[ours])
        assert hear({**without(said, "team"), **named}, is_shared=True) is PassedOver.OUTSIDER


def test_a_member_of_ours_is_answered_aside_where_another_company_sees_the_channel() -> None:
    found = taken(event("<@UBOT> why?"), is_shared=True)
    assert where(found) is Where.ASIDE
    assert where(taken(event("<@UBOT> guide"), is_shared=True)) is Where.ASIDE
    assert where(taken(event("and why?", thread_ts=ROOT), is_shared=True)) is Where.ASIDE


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("why?", Where.THREAD),
        ("the price", Where.THREAD),
        ("guide tiles", Where.THREAD),
        ("help", Where.THREAD),
        ("", Where.THREAD),
        ("/unknown", Where.THREAD),
        (f"review {DRAFT}", Where.ASIDE),
        (DRAFT, Where.ASIDE),
        ("review", Where.ASIDE),
        ("forget me", Where.ASIDE),
        ("+1", Where.ASIDE),
        ("prompts", Where.ASIDE),
        ("prompts show 2", Where.ASIDE),
        ("prompts publish better\n---\nmodel: m", Where.ASIDE),
        ("prompts activate", Where.ASIDE),
        ("prompts activate 2 better", Where.ASIDE),
        ("rollback worse", Where.ASIDE),
    ],
)
def test_a_channel_sees_answers_and_the_guide_and_never_what_is_somebodys_own(text: str, place: Where) -> None:
    for said in (event(f"<@UBOT> {text}"), mention(f"<@UBOT> {text}"), event(f"<@UBOT> {text}", thread_ts=ROOT)):
        found = taken(said)
        assert (found.message.text, where(found)) == (text, place)


@pytest.mark.parametrize(
    "text",
    [
        "and how long does it take?",
        "how long does it take",
        "And what if it rains",
        "ok, but why",
        "Does it hold?",
        "for slate too?",
        "see <https://acme.com|acme.com>: is that so?",
    ],
)
def test_a_question_in_a_thread_may_follow_up(text: str) -> None:
    assert taken(event(text, thread_ts=ROOT)).follows_up


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thanks, that helps!",
        "great :+1:",
        "+1",
        "no",
        "I see.",
        "",
        "   ",
        "whatever",
        "<@U2> what do you think?",
        "what do you think, <@U2|ann>?",
        "<@W2> what do you think?",
        f"review this?\n{DRAFT}",
        f"{DRAFT}\nPS: ok?",
        "forget me",
    ],
)
def test_what_people_say_to_each_other_in_a_thread_is_passed_over(text: str) -> None:
    assert hear(event(text, thread_ts=ROOT)) is PassedOver.NOT_ADDRESSED


@pytest.mark.parametrize(
    "text", ["<!here> does anybody know?", "<!subteam^S1|@sales> who takes this?", "<!channel> is it true?"]
)
def test_a_question_to_many_is_not_one_to_the_coach(text: str) -> None:
    assert hear(event(text, thread_ts=ROOT)) is PassedOver.NOT_ADDRESSED


@pytest.mark.parametrize(
    "text",
    [
        "prompts publish shorter, is it? yes\n---\nmodel: small-model\nmax_tokens: 100\neffort: low\n---\n\nRule",
        "prompts activate 2 why not? better",
        "rollback to 1, can we? yes",
        "prompts activate 2 what is this\nok? yes",
    ],
)
def test_nothing_is_commanded_without_the_coach_being_addressed(text: str) -> None:
    assert hear(event(text, thread_ts=ROOT)) is PassedOver.NOT_ADDRESSED


def test_files_in_a_thread_that_are_not_for_the_coach_are_not_read() -> None:
    said = event("is this ok?", thread_ts=ROOT, subtype="file_share", files=[FILE])
    assert hear(said) is PassedOver.NOT_ADDRESSED


def test_files_come_along_by_where_slack_has_them_and_make_a_reply_private() -> None:
    other = {"name": "", "url_private": "https://files.slack.com/F2", "size": None}
    for said in (
        event("<@UBOT> what of this?", subtype="file_share", files=[FILE, other, {}]),
        direct("what of this?", subtype="file_share", files=[FILE, other, {}]),
    ):
        origin = read_origin(taken(said).message.origin)
        assert origin.files == (
            FileReference("draft.txt", "https://files.slack.com/F1/download/draft.txt", 12),
            FileReference("file", "https://files.slack.com/F2"),
            FileReference("file", ""),
        )
        assert origin.where is (Where.THREAD if said["channel"] == "D1" else Where.ASIDE)


def test_a_file_without_words_is_heard() -> None:
    message = taken(direct("", subtype="file_share", files=[FILE])).message
    assert (message.text, len(read_origin(message.origin).files)) == ("", 1)


def test_of_many_files_one_more_than_are_read_is_noted_so_that_it_can_be_told() -> None:
    many = [{**FILE, "name": f"{number}.txt"} for number in range(500)]
    files = read_origin(taken(direct("look", subtype="file_share", files=many)).message.origin).files
    assert [file.name for file in files] == [f"{number}.txt" for number in range(MAX_FILES + 1)]


def test_a_reply_that_is_shown_in_the_channel_too_is_heard_where_it_mentions_the_coach() -> None:
    said = event("<@UBOT> why?", subtype="thread_broadcast", thread_ts=ROOT)
    assert taken(said).message.thread == f"slack:T1/C1/{ROOT}"


def test_a_message_without_words_is_an_empty_one() -> None:
    for said in (direct(""), {**direct(), "text": None}, without(direct(), "text"), event("<@UBOT>")):
        assert taken(said).message.text == ""
    for said in (event(""), event(None), without(event(thread_ts=ROOT), "text")):
        assert hear(said) is PassedOver.NOT_ADDRESSED


def test_an_event_that_says_no_more_than_it_must_is_heard() -> None:
    assert taken({"type": "message", "channel": "D1", "user": "U1", "ts": TS, "text": "why?"}).message.text == "why?"


def test_a_redelivery_is_the_same_message_and_another_conversation_is_not() -> None:
    first = taken(direct())
    assert taken({**direct(), "event_ts": "1800000000.000000", "client_msg_id": "9f"}) == first
    ids = {
        taken(said).message.id
        for said in (direct(), direct(ts=ROOT), event("<@UBOT> why?"), event("<@UBOT> why?", channel="C2"))
    }
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("<@UBOT> *why?*", "why?"),
        ("*why*, <@UBOT>?", "why?"),
        ("so <@UBOT> *why* is that?", "so why is that?"),
        ("why? <@UBOT>", "why?"),
        ("<@UBOT> review\nHi Dana,\n- it *never* leaks\n- `really`\nBest,", None),
        ("<@UBOT> _forget me_", "forget me"),
        ("<@UBOT> :+1:", "\N{THUMBS UP SIGN}"),
        ("<@UBOT> *prompts activate 2* `better`", "prompts activate 2 better"),
        ("<@UBOT>\n- why?", "- why?"),
        ("<@UBOT>\n> why?", "why?"),
    ],
)
def test_what_is_said_with_formatting_is_heard_as_it_was_typed(typed: str, text: str | None) -> None:
    blocks = composed(typed, formatted=True)
    handed_over = text_of(blocks)
    expected = "review\nHi Dana,\n- it never leaks\n- really\nBest," if text is None else text
    found = taken(event(handed_over, blocks=blocks))
    assert found.message.text == expected
    assert taken(mention(handed_over, blocks=blocks)) == found
    assert taken(direct(handed_over, blocks=blocks)).message.text == expected


def test_a_mention_that_only_the_text_has_does_not_count_beside_blocks_that_were_typed() -> None:
    assert hear(event("&lt;@UBOT&gt; why?", blocks=composed("why?"))) is PassedOver.NOT_ADDRESSED
    assert taken(event("<@UBOT> why?", blocks=[{"type": "image"}])).message.text == "why?"


def test_a_formatted_question_in_a_thread_may_follow_up_and_a_formatted_mention_of_others_does_not() -> None:
    for typed, follows_up in (("and *how long* does it take?", True), ("_<@U2>_ what do you think?", False)):
        blocks = composed(typed, formatted=True)
        found = hear(event(text_of(blocks), blocks=blocks, thread_ts=ROOT))
        assert isinstance(found, Heard) is follows_up


_TEXT = st.lists(
    st.sampled_from(["<@UBOT>", "<@U2>", "why?", "thanks", " ", "\n", "&lt;", "<", "review ", "prompts ", "é\ud800"])
).map("".join)


@given(
    _TEXT,
    st.fixed_dictionaries(
        {},
        optional={
            "channel_type": st.sampled_from(["im", "mpim", "group", "channel", None]),
            "channel": st.sampled_from(["D1", "C1", "G1"]),
            "subtype": st.sampled_from([None, "file_share", "me_message"]),
            "thread_ts": st.sampled_from([ROOT, TS, None, ""]),
            "files": st.sampled_from([None, [], [FILE], [{}]]),
            "user": st.sampled_from([None, "", "U1", "UBOT"]),
            "team": st.sampled_from([None, "", "T1", "T2"]),
            "user_team": st.sampled_from([None, "", "T1", "T2", "E1"]),
            "blocks": st.sampled_from([None, "", {}, [{"type": "rich_text"}]]),
        },
    ),
    st.booleans(),
)
def test_any_event_is_heard_or_passed_over(text: str, more: dict[str, Any], is_shared: bool) -> None:
    found = hear({**event(text), **more}, is_shared=is_shared)
    if isinstance(found, PassedOver):
        return
    origin = read_origin(found.message.origin)
    assert (origin.user, found.message.person) == ("U1", "slack:T1/U1")
    assert found.follows_up == origin.quiet
    assert not (found.follows_up and "<@UBOT>" in text)
    if is_shared and not (more.get("channel") == "D1" or more.get("channel_type") == "im"):
        assert origin.where is Where.ASIDE


def test_an_origin_comes_back_as_it_was_and_its_text_is_plain() -> None:
    origins = (
        Origin(
            where=place, team="T1", user="U1", ts=ts, files=files, quiet=quiet, response_url="https://hooks/x", view="v"
        )
        for place, ts, files, quiet in itertools.product(
            Where, ("", TS), ((), (FileReference("ü\ud800.txt", "https://x", 3),)), (False, True)
        )
    )
    for origin in origins:
        assert read_origin(origin.text()) == origin
        assert origin.text().isascii()
        assert "hooks" not in repr(origin)
