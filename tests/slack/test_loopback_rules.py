"""The loopback Slack refuses what the real one does, in its words; and reads messages as people do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.loopback.block_rules import faults
from tests.slack.loopback.bolt import client
from tests.slack.loopback.picture import html_of
from tests.slack.loopback.rule_walk import Surface
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN

USER = "U1"
Block = dict[str, Any]


def plain(text: str = "x") -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: object) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(**more: object) -> Block:
    return {"type": "button", "text": plain(), **more}


def entry(**more: object) -> Block:
    return {"type": "input", "label": plain(), "element": {"type": "plain_text_input", **more}}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def options(number: int) -> list[Block]:
    return [{"text": plain(f"o{each}"), "value": f"v{each}"} for each in range(number)]


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "positive_button": {"text": plain("Good"), "value": "good"},
            "negative_button": {"text": plain("Bad"), "value": "bad"},
        }
    ],
}
MARKDOWN = {"type": "markdown", "text": "x"}
CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}

TAKEN: list[tuple[Block, Surface]] = [
    (section("x" * 3_000), "message"),
    (section(fields=[mrkdwn("x" * 2_000)] * 10), "home"),
    (section(accessory=button(style="danger", confirm=CONFIRM, url="https://example.com")), "modal"),
    ({"type": "header", "text": plain("x" * 150)}, "home"),
    ({"type": "context", "elements": [mrkdwn("x"), plain("y")]}, "message"),
    (actions(*[button(action_id=f"a{each}") for each in range(25)]), "message"),
    (actions({"type": "static_select", "options": options(100)}, {"type": "overflow", "options": options(5)}), "home"),
    (actions({"type": "radio_buttons", "options": options(10), "initial_option": options(1)[0]}), "modal"),
    (entry(multiline=True, max_length=3_000, initial_value="x" * 3_000), "modal"),
    ({"type": "input", "label": plain(), "element": {"type": "file_input", "max_files": 1}}, "modal"),
    (rich({"type": "text", "text": "<!channel>", "style": {"bold": True}}, {"type": "emoji", "name": "wave"}), "modal"),
    (FEEDBACK, "message"),
    ({"type": "markdown", "text": "x" * 12_000}, "message"),
    ({"type": "divider"}, "message"),
]
REFUSED: list[tuple[Block, Surface, str]] = [
    (section("x" * 3_001), "message", "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "message", "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (section(colour="red"), "message", "invalid additional property: colour [json-pointer:/blocks/0]"),
    ({"type": "section"}, "message", "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (section(fields=[mrkdwn("x")] * 11), "message", "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ({"type": "header", "text": mrkdwn("x")}, "home", "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "home",
        "less than 151 characters [json-pointer:/blocks/0/text",
    ),
    ({"type": "heading"}, "home", "unsupported type: heading [json-pointer:/blocks/0/type]"),
    ({"type": "header"}, "home", "missing required field: text [json-pointer:/blocks/0]"),
    (actions(), "message", "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (actions(*[button()] * 26), "message", "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    (actions(button(style="default")), "message", "enum value [json-pointer:/blocks/0/elements/0/style]"),
    (
        actions(button(value="x" * 2_001)),
        "message",
        "less than 2001 characters [json-pointer:/blocks/0/elements/0/",
    ),
    (actions(button(url="x" * 3_001)), "message", "less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"),
    (
        actions(button(action_id="a"), button(action_id="a")),
        "message",
        '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (actions({"type": "static_select", "options": options(101)}), "home", "no more than 100 items"),
    (actions({"type": "static_select"}), "home", "must define either `options` or `option_groups`"),
    (actions({"type": "overflow", "options": options(6)}), "home", "no more than 5 items"),
    (actions({"type": "checkboxes", "options": options(11)}), "home", "no more than 10 items"),
    (actions({"type": "feedback_buttons"}), "message", "unsupported type: feedback_buttons"),
    (entry(max_length=3_001), "modal", "must be less than 3001 [json-pointer:/blocks/0/element/max_length]"),
    (entry(max_length=5, initial_value="123456"), "modal", "[json-pointer:/blocks/0/element/initial_value]"),
    ({"type": "input", "label": plain(), "element": {"type": "file_input"}}, "home", "unsupported type: file_input"),
    (rich({"type": "text", "text": ""}), "message", "must be more than 0 characters"),
    (rich({"type": "text", "text": "x", "style": {"loud": True}}), "message", "invalid additional property: loud"),
    ({"type": "rich_text", "elements": []}, "message", "must provide at least 1 items"),
    (FEEDBACK, "modal", "unsupported type: context_actions"),
    (FEEDBACK, "home", "unsupported type: context_actions"),
    (MARKDOWN, "home", "unsupported type: markdown"),
    ({"type": "image", "alt_text": "x"}, "message", "must define either `image_url` or `slack_file`"),
    (section(block_id="x" * 256), "message", "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
]


@pytest.mark.parametrize(("block", "surface"), TAKEN)
def test_a_block_within_the_limits_is_taken(block: Block, surface: Surface) -> None:
    assert faults([block], surface) == []


@pytest.mark.parametrize(("block", "surface", "words"), REFUSED)
def test_a_block_that_slack_refuses_is_named_with_its_place(block: Block, surface: Surface, words: str) -> None:
    found = faults([block], surface)
    assert any(words in each for each in found), found


def test_blocks_together_have_limits() -> None:
    assert faults([section()] * 50, "message") == []
    assert faults([section()] * 51, "message") == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert faults([section()] * 100, "home") == []
    assert faults([section()] * 101, "modal") == ["[ERROR] no more than 100 items allowed [json-pointer:/blocks]"]
    assert "already exists" in faults([section(block_id="a"), section(block_id="a")], "message")[0]
    assert "together" in faults([{"type": "markdown", "text": "x" * 6_001}] * 2, "message")[0]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("type text elements".split()), inner),
    max_leaves=8,
)


@given(_JSON)
def test_no_json_at_all_breaks_the_rules_themselves(value: object) -> None:
    assert faults(value, "message") == [] or all(each.startswith("[ERROR] ") for each in faults(value, "message"))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        slack.user(USER)
        slack.channel("C1", USER)
        slack.channel("C2", USER, with_bot=False)
        slack.channel("C3", USER, is_archived=True)
        slack.channel("G1", USER, kind="group", with_bot=False)
        yield slack


@pytest.fixture
def api(slack: Slack) -> AsyncWebClient:
    return client(slack)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C1"}, "no_text"),
        ({"channel": "C9", "text": "x"}, "channel_not_found"),
        ({"channel": "G1", "text": "x"}, "channel_not_found"),
        ({"channel": "C2", "text": "x"}, "not_in_channel"),
        ({"channel": "C3", "text": "x"}, "is_archived"),
        ({"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C1", "blocks": [section("x" * 2_700)] * 5}, "msg_blocks_too_long"),
        ({"channel": "C1", "text": "x", "blocks": [section("")]}, "invalid_blocks"),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": "C1", "blocks": [{"type": "markdown", "text": "# a\n\nb\n\n" * 26}]}, "msg_blocks_too_long"),
    ],
)
async def test_a_post_is_refused_with_slacks_code(api: AsyncWebClient, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(SlackApiError) as error:
        await api.api_call("chat.postMessage", json=arguments)
    assert error.value.response["error"] == code


async def test_an_invalid_block_is_explained(api: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        await api.chat_postMessage(channel="C1", text="x", blocks=[section("x" * 3_001)])
    words = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert error.value.response["errors"] == [words]
    assert error.value.response["response_metadata"] == {"messages": [f"[ERROR] {words}"]}


async def test_tokens_and_scopes_are_held(slack: Slack, api: AsyncWebClient) -> None:
    assert "chat:write" in (await api.auth_test()).headers["x-oauth-scopes"]
    slack.settings.scopes -= {"chat:write"}
    codes = []
    for token, method in ((None, "auth.test"), ("xoxb-no", "auth.test"), (APP_TOKEN, "auth.test")):
        with pytest.raises(SlackApiError) as error:
            await AsyncWebClient(token=token, base_url=slack.api_url).api_call(method)
        codes.append(error.value.response["error"])
    for method, arguments in (("chat.postMessage", {"channel": "C1", "text": "x"}), ("no.method", {})):
        with pytest.raises(SlackApiError) as error:
            await api.api_call(method, json=arguments)
        codes.append(error.value.response["error"])
    assert codes == ["not_authed", "invalid_auth", "not_allowed_token_type", "missing_scope", "unknown_method"]


async def test_a_message_is_updated_and_deleted_by_its_author_alone(slack: Slack, api: AsyncWebClient) -> None:
    theirs = await slack.say(USER, "C1", "mine")
    own = str((await api.chat_postMessage(channel="C1", text="a", blocks=[section("a")]))["ts"])
    codes = []
    for method, arguments in (
        ("chat.update", {"ts": theirs, "text": "x"}),
        ("chat.update", {"ts": "1.1", "text": "x"}),
        ("chat.update", {"ts": own, "text": "x" * 4_001}),
        ("chat.delete", {"ts": theirs}),
    ):
        with pytest.raises(SlackApiError) as error:
            await api.api_call(method, params={"channel": "C1", **arguments})
        codes.append(error.value.response["error"])
    assert codes == ["cant_update_message", "message_not_found", "msg_too_long", "cant_delete_message"]
    await api.chat_update(channel="C1", ts=own, text="b", blocks=[])
    assert [each.plain for each in slack.seen(USER, "C1")] == ["mine", "b"]
    await api.chat_delete(channel="C1", ts=own)
    assert [each.plain for each in slack.seen(USER, "C1")] == ["mine"]


async def test_a_trigger_opens_one_view_for_three_seconds(slack: Slack, api: AsyncWebClient) -> None:
    view = {"type": "modal", "title": plain("t"), "blocks": [section()]}
    fresh, old = (slack._state.new_trigger(USER) for _ in range(2))
    first = (await api.views_open(trigger_id=fresh, view=view))["view"]
    slack.pass_time(3.1)
    codes = []
    for trigger in (fresh, old, "no such"):
        with pytest.raises(SlackApiError) as error:
            await api.views_open(trigger_id=trigger, view=view)
        codes.append(error.value.response["error"])
    with pytest.raises(SlackApiError) as error:
        await api.views_update(view_id=first["id"], hash="old", view=view)
    codes.append(error.value.response["error"])
    with pytest.raises(SlackApiError) as error:
        await api.views_update(view_id=first["id"], view={**view, "blocks": [entry()], "title": plain("x" * 25)})
    assert codes == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "hash_conflict"]
    assert error.value.response["error"] == "invalid_arguments"
    assert error.value.response["errors"] == [
        "must be less than 25 characters [json-pointer:/view/title/text]",
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
    ]


async def test_a_reader_sees_names_and_signs_and_what_pings_is_told_apart(slack: Slack, api: AsyncWebClient) -> None:
    await api.chat_postMessage(
        channel="C1",
        text="*bold* &lt;!channel&gt; <@U1> <https://example.com|here> `a_b_c` snake_case_name",
    )
    await api.chat_postMessage(
        channel="C1",
        text="fallback",
        blocks=[
            rich({"type": "text", "text": "<!channel> &amp; <@U1>"}),
            section("<!here> says 1 &lt; 2"),
            {"type": "markdown", "text": "## Head\n\n* **one** &lt;@U1&gt;\n* `<!everyone>`\n\n> quoted <@U1>"},
        ],
    )
    await api.chat_postEphemeral(channel="C1", user=USER, text="only you")
    first, second, third = slack.seen(USER, "C1")
    assert first.plain == "bold <!channel> @u1 here a_b_c snake_case_name"
    assert first.pings == ["<@U1>", "https://example.com"]
    assert second.plain == "\n".join(
        [
            "<!channel> &amp; <@U1>",
            "@here says 1 < 2",
            "Head",
            "• one <@U1>",
            "• <!everyone>",
            "quoted @u1",
        ]
    )
    assert second.pings == ["<!here>", "<@U1>"]
    assert third.ephemeral
    picture = html_of(slack, USER, "C1")
    assert "&lt;!channel&gt; &amp;amp; &lt;@U1&gt;" in picture
    assert "Only visible to you" in picture
