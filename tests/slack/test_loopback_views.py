"""Forms and App Homes of the loopback Slack stack, change and close before one person as the real ones do."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.slack.loopback.bolt import SmallApp, client
from tests.slack.loopback.picture import html_of, html_of_view
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Upload

USER = "U1"
View = dict[str, Any]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def modal(callback_id: str, *more: dict[str, Any], **fields: object) -> View:
    blocks = [{"type": "section", "block_id": "s", "text": plain(callback_id)}, *more]
    base = {"type": "modal", "callback_id": callback_id, "title": plain("Form"), "submit": plain("Go")}
    return {**base, "blocks": blocks, **fields}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        slack.user(USER)
        slack.channel("C1", USER)
        yield slack


@pytest.fixture
async def app(slack: Slack) -> AsyncIterator[SmallApp]:
    app = SmallApp(slack)

    @app.bolt.command("/coach")
    async def open_form(ack: Any, body: dict[str, Any], client: Any) -> None:  # noqa: ANN401
        await ack()
        button = {"type": "button", "action_id": "more", "value": "1", "text": plain("More")}
        await client.views_open(
            trigger_id=body["trigger_id"],
            view=modal("first", {"type": "actions", "elements": [button]}, notify_on_close=True),
        )

    async with app.by_http():
        yield app


async def test_a_submission_may_update_the_form_or_push_another_or_clear_all(slack: Slack, app: SmallApp) -> None:
    answers: Iterator[dict[str, Any]] = iter(
        [
            {"response_action": "update", "view": modal("second")},
            {"response_action": "push", "view": modal("third")},
            {"response_action": "clear"},
        ]
    )

    @app.bolt.view({"type": "view_submission", "callback_id": "first"})
    @app.bolt.view("second")
    @app.bolt.view("third")
    async def sent(ack: Any) -> None:  # noqa: ANN401
        await ack(**next(answers))

    await slack.command(USER, "C1", "")
    first = slack.view_of(USER)
    await slack.submit(USER, first.id)
    assert (slack.view_of(USER).id, slack.view_of(USER).callback_id) == (first.id, "second")
    await slack.submit(USER, first.id)
    top = slack.view_of(USER)
    assert (top.callback_id, top.previous, len(slack.views)) == ("third", first.id, 2)
    await slack.submit(USER, top.id)
    assert not slack.views
    assert slack.failures == []


async def test_a_click_in_a_form_can_put_another_on_top_of_it_but_no_more_than_three(
    slack: Slack, app: SmallApp
) -> None:
    codes: list[str] = []

    @app.bolt.action("more")
    async def more(ack: Any, body: dict[str, Any], client: Any) -> None:  # noqa: ANN401
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal("next"))
        except SlackApiError as error:
            codes.append(error.response["error"])

    await slack.command(USER, "C1", "")
    first = slack.view_of(USER)
    for _ in range(3):
        await slack.click_view(USER, first.id, "more")
    assert len(slack.views) == 3
    assert codes == ["push_limit_reached"]


async def test_an_answer_that_slack_cannot_use_is_trouble_before_the_person(slack: Slack, app: SmallApp) -> None:
    @app.bolt.view("first")
    async def sent(ack: Any) -> None:  # noqa: ANN401
        await ack(response_action="errors", errors={"no such block": "No."})

    await slack.command(USER, "C1", "")
    await slack.submit(USER, slack.view_of(USER).id)
    assert [each.kind for each in slack.failures] == ["view_submission"]
    assert slack.view_of(USER).callback_id == "first"


async def test_closing_a_form_is_told_where_the_app_asked_for_it(slack: Slack, app: SmallApp) -> None:
    @app.bolt.view_closed("first")
    async def closed(ack: Any) -> None:  # noqa: ANN401
        await ack()

    await slack.command(USER, "C1", "")
    await slack.close_view(USER, slack.view_of(USER).id)
    assert [each["type"] for each in app.bodies if "view" in each] == ["view_closed"]
    assert not slack.views


async def test_a_home_is_clicked_and_published_anew_unless_its_hash_is_old(slack: Slack, app: SmallApp) -> None:
    api = client(slack)
    buttons = [
        {"type": "button", "action_id": "home.show", "value": str(number), "text": plain(f"Show {number}")}
        for number in (1, 2)
    ]
    blocks = [{"type": "section", "text": plain("Version"), "accessory": each} for each in buttons]
    published = await api.views_publish(user_id=USER, view={"type": "home", "blocks": blocks})
    hash_ = str(published["view"]["hash"])

    @app.bolt.action("home.show")
    async def show(ack: Any, action: dict[str, Any], body: dict[str, Any], client: Any) -> None:  # noqa: ANN401
        await ack()
        text = {"type": "section", "text": plain(f"shown {action['value']}")}
        await client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": [text]})

    home = slack.home(USER)
    assert home is not None
    assert "Show 2" in html_of_view(slack, home)
    await slack.click_view(USER, home.id, "home.show", value="2")
    assert slack.plain(home) == "shown 2"
    with pytest.raises(SlackApiError) as error:
        await api.views_publish(user_id=USER, hash=hash_, view={"type": "home", "blocks": blocks})
    assert error.value.response["error"] == "hash_conflict"


async def test_a_file_can_be_put_into_a_form(slack: Slack, app: SmallApp) -> None:
    entry = {"type": "input", "block_id": "file", "label": plain("File"), "element": {"type": "file_input"}}

    @app.bolt.shortcut("upload")
    async def open_form(ack: Any, body: dict[str, Any], client: Any) -> None:  # noqa: ANN401
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("upload", entry))

    @app.bolt.view("upload")
    async def sent(ack: Any) -> None:  # noqa: ANN401
        await ack()

    await slack.global_shortcut(USER, "upload")
    await slack.submit(USER, slack.view_of(USER).id, {"file": [Upload("draft.md", b"# Hi", "text/markdown")]})
    values = app.bodies[-1]["view"]["state"]["values"]["file"]
    assert next(iter(values.values()))["files"][0]["name"] == "draft.md"


async def test_form_encoded_calls_pages_and_post_limits(slack: Slack) -> None:
    api = client(slack)
    slack.limits.on = True
    for number in range(3):
        await api.api_call("chat.postMessage", data={"channel": "C1", "text": f"{number}"})
    with pytest.raises(SlackApiError) as error:
        await api.api_call("chat.postMessage", data={"channel": "C1", "text": "too many"})
    assert (error.value.response.status_code, error.value.response.headers["Retry-After"]) == (429, "1")
    await api.chat_postMessage(channel=slack.dm_of(USER), text="another channel")
    page = await api.conversations_history(channel="C1", limit=2)
    rest = await api.conversations_history(channel="C1", limit=2, cursor=page["response_metadata"]["next_cursor"])
    assert [each["text"] for each in [*page["messages"], *rest["messages"]]] == ["2", "1", "0"]
    assert html_of(slack, USER, "C1").count("<article") == 3
