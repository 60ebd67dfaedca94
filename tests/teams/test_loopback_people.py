"""People in the loopback Teams press, react and open dialogs, and see where the app does not answer rightly."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.teams.loopback.caller import Caller
from tests.teams.loopback.endpoint import Inbox, serving
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.loopback.workspace import BOT, COMMAND, Json, oid
from tests.teams.test_loopback_rules import CARD

ANA, BEN = "Ana", "Ben"
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
ATTACHED = {"contentType": ADAPTIVE, "content": CARD}
USED: Json = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": "Used."}]}
FORM: Json = {
    "type": "AdaptiveCard",
    "version": "1.4",
    "body": [{"type": "Input.Text", "id": "draft", "label": "Draft", "isMultiline": True, "isRequired": True}],
    "actions": [{"type": "Action.Submit", "title": "Review", "data": {"act": "review"}}],
}


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def app(teams: Teams) -> AsyncIterator[Caller]:
    async with Caller(teams) as caller:
        yield caller


@pytest.fixture
async def inbox(teams: Teams) -> AsyncIterator[Inbox]:
    inbox = Inbox()
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        yield inbox


def card_answer(card: Json) -> Json:
    return {"statusCode": 200, "type": ADAPTIVE, "value": card}


def dialog(card: Json, **more: object) -> Json:
    value = {
        "title": "Review",
        "height": "large",
        "width": "medium",
        "card": {"contentType": ADAPTIVE, "content": card},
    }
    return {"task": {"type": "continue", "value": {**value, **more}}}


async def test_a_button_sends_its_data_with_what_was_filled_in(teams: Teams, app: Caller, inbox: Inbox) -> None:
    chat = teams.personal(ANA)
    sent = await app.say(chat, "", attachments=[ATTACHED])
    inbox.body = card_answer(USED)
    assert (await teams.press(ANA, sent.id, "review.keep", {"show": "true"})).status == 200
    invoke = inbox.got[0]
    assert (invoke["type"], invoke["name"], invoke["replyToId"]) == ("invoke", "adaptiveCard/action", sent.id)
    assert invoke["conversation"]["id"] == chat
    assert invoke["from"]["aadObjectId"] == oid(ANA)
    assert invoke["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Keep it",
            "verb": "review.keep",
            "data": {"draft": "Dear all", "show": "true"},
        },
        "trigger": "manual",
    }
    assert [each.plain for each in teams.seen(ANA, chat)] == ["Used."]
    assert teams.failures == []


async def test_a_button_knows_the_inputs_above_it_but_none_that_others_unfold(
    teams: Teams, app: Caller, inbox: Inbox
) -> None:
    sent = await app.say(teams.personal(ANA), "", attachments=[ATTACHED])
    inbox.body = card_answer(CARD)
    await teams.press(ANA, sent.id, "Use", data={"place": 1})
    assert inbox.got[0]["value"]["action"]["data"] == {"place": 1, "draft": "Dear all"}
    for wanted, inputs, data in (("Use", {"show": "true"}, None), ("Use", None, {"place": 2}), ("No", None, None)):
        with pytest.raises(LookupError):
            await teams.press(ANA, sent.id, wanted, inputs, data)
    with pytest.raises(LookupError):
        await teams.press(BEN, sent.id, "Use")


async def test_an_input_is_a_string_and_an_empty_one_is_not_sent(teams: Teams, app: Caller, inbox: Inbox) -> None:
    share = {"type": "Input.Number", "id": "share", "label": "Share", "min": 1, "max": 99}
    note = {"type": "Input.Text", "id": "note", "label": "Note", "isRequired": True, "maxLength": 5}
    move = {"type": "Action.Execute", "title": "Activate", "verb": "move.propose", "data": {"number": 3}}
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [share, note], "actions": [move]}
    sent = await app.say(teams.personal(ANA), "", attachments=[{"contentType": ADAPTIVE, "content": card}])
    inbox.body = card_answer(USED)
    for inputs in ({}, {"note": "longer"}, {"note": "why", "share": "100"}, {"note": "why", "share": "x"}):
        with pytest.raises(ValueError, match=r"share|note|convert"):
            await teams.press(ANA, sent.id, "Activate", inputs)
    assert inbox.got == []
    await teams.press(ANA, sent.id, "Activate", {"note": "why"})
    assert inbox.got[0]["value"]["action"]["data"] == {"number": 3, "note": "why"}


async def test_a_card_that_answers_is_seen_by_who_pressed_until_the_message_changes(
    teams: Teams, app: Caller, inbox: Inbox
) -> None:
    group = teams.group("all", ANA, BEN)
    sent = await app.say(group, "", attachments=[ATTACHED])
    inbox.body = card_answer(USED)
    await teams.press(ANA, sent.id, "Use")
    assert teams.seen(ANA, group)[0].plain == "Used."
    assert teams.seen(BEN, group)[0].plain.startswith("Review")
    await app.update(group, sent.id, "changed")
    assert [teams.seen(user, group)[0].plain for user in (ANA, BEN)] == ["changed", "changed"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (501, None),
        (200, None),
        (200, {"statusCode": 200, "type": ADAPTIVE, "value": {"type": "AdaptiveCard"}}),
        (200, {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "x", "message": "y"}}),
        (200, {"status": 200, "body": card_answer(USED)}),
    ],
)
async def test_a_press_that_is_answered_otherwise_fails_before_the_person(
    teams: Teams, app: Caller, inbox: Inbox, status: int, body: Json | None
) -> None:
    chat = teams.personal(ANA)
    sent = await app.say(chat, "", attachments=[ATTACHED])
    inbox.status, inbox.body = status, body
    if body is not None and status != 200:
        inbox.body = None
    await teams.press(ANA, sent.id, "Use")
    assert [(each.user, each.kind) for each in teams.failures] == [(ANA, "adaptiveCard/action")]
    assert teams.seen(ANA, chat)[0].plain.startswith("Review")


async def test_a_press_that_is_answered_too_late_fails_before_the_person() -> None:
    inbox = Inbox(hangs=True)
    settings = Settings(invoke_seconds=0.05)
    async with Teams(settings=settings) as teams, Caller(teams) as app, serving(inbox.handle) as url:
        await teams.http_to(url)
        sent = await app.say(teams.personal(ANA), "", attachments=[ATTACHED])
        delivered = await teams.press(ANA, sent.id, "Use")
        assert (delivered.status, delivered.reason) == (0, "timeout")
        assert len(teams.failures) == 1


async def test_a_press_comes_again_where_teams_thinks_that_it_was_not_taken(
    teams: Teams, app: Caller, inbox: Inbox
) -> None:
    sent = await app.say(teams.personal(ANA), "", attachments=[ATTACHED])
    inbox.body = card_answer(USED)
    await teams.press(ANA, sent.id, "Use")
    assert (await teams.redeliver(teams.invokes[0]["id"])).body == card_answer(USED)
    assert inbox.got[0] == inbox.got[1]


async def test_a_press_can_be_answered_with_words(teams: Teams, app: Caller, inbox: Inbox) -> None:
    sent = await app.say(teams.personal(ANA), "", attachments=[ATTACHED])
    inbox.body = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Too late."}
    await teams.press(ANA, sent.id, "Use")
    assert (teams.told, teams.failures) == (["Too late."], [])


async def test_feedback_is_an_invoke_that_is_answered_with_nothing(teams: Teams, app: Caller, inbox: Inbox) -> None:
    chat = teams.personal(ANA)
    plain = await app.say(chat, "no buttons")
    with pytest.raises(LookupError):
        await teams.react(ANA, plain.id, "like")
    sent = await app.say(chat, "So it is", channelData={"feedbackLoop": {"type": "default"}})
    inbox.body = {}
    await teams.react(ANA, sent.id, "dislike", "too long")
    assert teams.failures == []
    invoke = inbox.got[0]
    assert (invoke["name"], invoke["replyToId"]) == ("message/submitAction", sent.id)
    given = invoke["value"]["actionValue"]
    assert (invoke["value"]["actionName"], given["reaction"]) == ("feedback", "dislike")
    assert json.loads(given["feedback"]) == {"feedbackText": "too long"}
    for body in (None, {"null": None}):
        inbox.body = body
        await teams.react(ANA, sent.id, "like")
    assert len(teams.failures) == 2


async def test_the_extension_opens_a_dialog_on_a_message_and_fills_the_compose_box(teams: Teams, inbox: Inbox) -> None:
    chat = teams.chat(ANA, BEN)
    message = await teams.say(BEN, chat, "1 < 2")
    assert inbox.got == []
    inbox.body = dialog(FORM)
    await teams.extension(ANA, chat, message=message)
    fetch = inbox.got[0]
    assert fetch["name"] == "composeExtension/fetchTask"
    assert fetch["conversation"]["id"] == chat
    value = fetch["value"]
    assert (value["commandId"], value["commandContext"]) == (COMMAND, "message")
    payload = value["messagePayload"]
    assert (payload["id"], payload["body"]) == (message, {"contentType": "html", "content": "<p>1 &lt; 2</p>"})
    assert payload["from"]["user"]["id"] == oid(BEN)
    assert teams.dialog_of(ANA).plain == "Review\nDraft\n[Review]"
    with pytest.raises(ValueError, match="required"):
        await teams.submit(ANA, "Review")
    await teams.submit(ANA, {"act": "review"}, {"draft": "Dear all"})
    submit = inbox.got[1]
    assert submit["name"] == "composeExtension/submitAction"
    assert submit["value"]["data"] == {"act": "review", "draft": "Dear all"}
    assert submit["value"]["messagePayload"]["id"] == message
    card = {"contentType": ADAPTIVE, "content": USED, "preview": {"contentType": ADAPTIVE, "content": USED}}
    inbox.body = {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": [card]}}
    await teams.submit(ANA, "Review", {"draft": "Dear all"})
    assert teams.compose_of(ANA) == USED
    assert (teams.dialogs, teams.failures) == ({}, [])


async def test_the_extension_opens_beside_the_compose_box_and_closes_on_nothing(teams: Teams, inbox: Inbox) -> None:
    group = teams.group("all", ANA, BEN, has_bot=False)
    inbox.body = dialog(FORM)
    await teams.extension(ANA, group)
    assert inbox.got[0]["value"]["commandContext"] == "compose"
    assert "messagePayload" not in inbox.got[0]["value"]
    inbox.body = {"task": {"type": "message", "value": "Done."}}
    await teams.submit(ANA, "Review", {"draft": "x"})
    with pytest.raises(LookupError):
        teams.dialog_of(ANA)
    assert (teams.told, teams.failures) == (["Done."], [])


@pytest.mark.parametrize(
    "body",
    [
        dialog(CARD),
        dialog(FORM, title=""),
        dialog(FORM, height="huge"),
        {"task": {"type": "continue", "value": {"title": "x", "height": "large", "width": "large", "card": FORM}}},
        {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": []}},
        {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": [ATTACHED]}},
        {"other": 1},
    ],
)
async def test_a_dialog_of_another_shape_fails_before_the_person(teams: Teams, inbox: Inbox, body: Json) -> None:
    inbox.body = body
    await teams.extension(ANA, teams.personal(ANA))
    assert len(teams.failures) == 1
    assert teams.dialogs == {}


async def test_the_apps_own_message_can_be_reviewed_too(teams: Teams, app: Caller, inbox: Inbox) -> None:
    chat = teams.personal(ANA)
    sent = await app.say(chat, "So it is")
    inbox.body = dialog(FORM)
    await teams.extension(ANA, chat, message=sent.id)
    payload = inbox.got[0]["value"]["messagePayload"]
    assert payload["from"]["user"] is None
    assert f"28:{payload['from']['application']['id']}" == BOT


async def test_editing_deleting_and_liking_are_told(teams: Teams, inbox: Inbox) -> None:
    chat = teams.personal(ANA)
    id_ = await teams.say(ANA, chat, "helo")
    await teams.settled()
    await teams.edit(ANA, id_, "hello")
    await teams.settled()
    await teams.like(ANA, id_, "heart")
    await teams.settled()
    assert [(each.plain, each.edited) for each in teams.seen(ANA, chat)] == [("hello", True)]
    await teams.delete(ANA, id_)
    await teams.settled()
    assert [each["type"] for each in inbox.got] == ["message", "messageUpdate", "messageReaction", "messageDelete"]
    assert inbox.got[1]["channelData"]["eventType"] == "editMessage"
    assert teams.seen(ANA, chat) == []
