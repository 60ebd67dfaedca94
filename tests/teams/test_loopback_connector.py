"""The loopback Teams delivers and takes messages as the real one does, and the SDK's own client gets on with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ClassVar

import aiohttp
import pytest
from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity, Entity
from botframework.connector.auth import AppCredentials, JwtTokenExtractor, PasswordServiceClientCredentialFactory

from tests.teams.loopback.caller import Caller
from tests.teams.loopback.endpoint import Handler, Inbox, serving
from tests.teams.loopback.keys import ISSUER
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.loopback.workspace import APP_ID, BOT, BOT_NAME, TENANT, Json, Upload, account, oid

ANA = "Ana"


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def app(teams: Teams) -> AsyncIterator[Caller]:
    async with Caller(teams) as caller:
        yield caller


async def test_a_message_of_a_personal_chat_comes_as_teams_writes_it(teams: Teams) -> None:
    inbox, chat = Inbox(), teams.personal(ANA)
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        id_ = await teams.say(ANA, chat, "a < b & c\nsecond")
        await teams.settled()
    (got,) = inbox.got
    assert got["type"] == "message"
    assert got["id"] == id_
    assert got["text"] == "a < b & c\nsecond"
    assert got["textFormat"] == "plain"
    assert got["attachments"] == [{"contentType": "text/html", "content": "<p>a &lt; b &amp; c</p><p>second</p>"}]
    assert got["from"] == {"id": account(ANA), "name": ANA, "aadObjectId": oid(ANA)}
    assert got["recipient"] == {"id": BOT, "name": BOT_NAME}
    assert got["conversation"] == {"conversationType": "personal", "tenantId": TENANT, "id": chat}
    assert got["channelData"] == {"tenant": {"id": TENANT}}
    assert (got["channelId"], got["serviceUrl"], got["locale"]) == ("msteams", teams.service_url, "en-US")
    assert [each["type"] for each in got["entities"]] == ["clientInfo"]
    assert inbox.headers[0]["Authorization"].startswith("Bearer ey")
    assert [(ack.kind, ack.status) for ack in teams.acks] == [("message", 200)]


async def test_a_mention_in_a_channel_names_the_thread(teams: Teams) -> None:
    inbox, channel = Inbox(), teams.channel("sales", ANA, "Ben")
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        root = await teams.say(ANA, channel, "hello")
        reply = await teams.say("Ben", channel, "and me", root=root)
        await teams.say("Ben", channel, "not for the app", mention=False, root=root)
        await teams.settled()
    first, second = sorted(inbox.got, key=lambda each: str(each["id"]))
    assert first["conversation"] == {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": TENANT,
        "id": f"{channel};messageid={root}",
    }
    assert (second["id"], second["conversation"]["id"]) == (reply, f"{channel};messageid={root}")
    assert first["text"] == f"<at>{BOT_NAME}</at> hello"
    assert first["entities"][0]["mentioned"] == {"id": BOT, "name": BOT_NAME}
    assert first["channelData"]["teamsChannelId"] == first["channelData"]["channel"]["id"] == channel
    assert "http://schema.skype.com/Mention" in first["attachments"][0]["content"]
    assert len(teams.seen(ANA, f"{channel};messageid={root}")) == 3


async def test_the_real_adapter_hears_a_signed_message_and_answers_it(teams: Teams) -> None:
    real = await real_bot(teams, echo)
    chat, channel = teams.personal(ANA), teams.channel("sales", ANA)
    async with serving(real) as url:
        await teams.http_to(url)
        await teams.say(ANA, chat, "hello")
        root = await teams.say(ANA, channel, "hello")
        thread = f"{channel};messageid={root}"
        await teams.until(lambda: len(teams.seen(ANA, chat)) == 2 and len(teams.seen(ANA, thread)) == 2)
        await teams.settled()
    answer = teams.seen(ANA, chat)[1]
    assert (answer.author, answer.plain) == (BOT, "You said hello")
    assert {call.status for call in teams.calls} == {201}
    assert {ack.status for ack in teams.acks} == {201}


async def test_the_real_adapter_streams_updates_and_deletes(teams: Teams) -> None:
    ids: list[str] = []

    async def act(turn: TurnContext) -> None:
        pieces = [streamed("Looking", "informative", 1), streamed("So", "streaming", 2), streamed("So it is", "final")]
        for each in pieces:
            if ids:
                each["entities"][0]["streamId"] = ids[0]
            sent = await turn.send_activity(activity(each))
            ids.extend(filter(None, [sent.id if sent and not ids else None]))
        other = await turn.send_activity("other")
        changed = Activity(type="message", text="changed", id=other.id)
        await turn.update_activity(changed)
        gone = await turn.send_activity("gone")
        await turn.delete_activity(gone.id)

    teams.settings.stream_interval = 0.0
    chat = teams.personal(ANA)
    async with serving(await real_bot(teams, act)) as url:
        await teams.http_to(url)
        await teams.say(ANA, chat, "hello")
        await teams.settled()
    assert [(each.plain, each.edited, each.streaming) for each in teams.seen(ANA, chat)[1:]] == [
        ("So it is", False, False),
        ("changed", True, False),
    ]
    assert [each.text for each in teams.statuses] == ["Looking"]
    assert [call.status for call in teams.calls] == [201, 202, 202, 201, 200, 201, 200]


async def test_what_the_real_adapter_gets_with_a_forged_token_is_not_taken(teams: Teams) -> None:
    heard: list[str] = []

    async def hear(turn: TurnContext) -> None:
        heard.append(turn.activity.text)

    teams.personal(ANA)
    async with serving(await real_bot(teams, hear)) as url:
        await teams.http_to(url)
        body: Json = {"type": "message", "text": "forged", "channelId": "msteams", "serviceUrl": teams.service_url}
        body |= {"conversation": {"id": "a:1"}, "from": {"id": "29:1"}, "recipient": {"id": BOT}, "id": "1"}
        for token in (
            None,
            teams.token(aud="another"),
            teams.token(signer="another"),
            teams.token(kid="another"),
            teams.token(exp=1_000),
            teams.token(serviceurl="https://example.com"),
            teams.token(alg="HS256"),
            teams.token(alg="none"),
        ):
            assert await teams.post_raw(body, token) in (401, 500)
        assert heard == []
        assert await teams.post_raw(body) == 201
    assert heard == ["forged"]


async def test_a_message_that_is_not_taken_comes_again_the_very_same() -> None:
    async with Teams(settings=Settings(resend_after=0.05, resends=1_000)) as teams:
        inbox, chat = Inbox(hangs=True), teams.personal(ANA)
        async with serving(inbox.handle) as url:
            await teams.http_to(url)
            id_ = await teams.say(ANA, chat, "hello")
            await teams.until(lambda: len(inbox.got) > 1)
            inbox.hangs = False
            await teams.settled()
            assert (await teams.redeliver(id_)).status == 200
    assert all(each == inbox.got[0] for each in inbox.got)
    statuses = [ack.status for ack in teams.acks]
    assert statuses == [0] * (len(statuses) - 2) + [200, 200]


async def test_a_message_that_is_refused_does_not_come_again(teams: Teams) -> None:
    inbox = Inbox(status=403)
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        await teams.say(ANA, teams.personal(ANA), "hello")
        await teams.settled()
    assert [ack.status for ack in teams.acks] == [403]


async def test_adding_the_app_tells_it_so_and_lets_it_write(teams: Teams, app: Caller) -> None:
    inbox = Inbox()
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        assert (await app.create(ANA)).status == 400
        chat = teams.personal(ANA)
        await teams.uninstall(ANA)
        refused = await app.create(ANA)
        assert (refused.status, refused.code) == (403, "ForbiddenOperationException")
        assert (await app.say(chat, "hello")).code == "BotNotInConversationRoster"
        assert await teams.install(ANA) == chat
        created = await app.create(ANA)
        assert (created.status, created.body) == (201, {"id": chat})
        assert (await app.say(chat, "hello")).status == 201
    assert [(each["type"], each.get("action")) for each in inbox.got] == [
        ("installationUpdate", "remove"),
        ("installationUpdate", "add"),
        ("conversationUpdate", None),
    ]
    assert inbox.got[2]["membersAdded"] == [{"id": BOT}]


async def test_a_call_without_the_login_services_token_is_refused(teams: Teams) -> None:
    chat = teams.personal(ANA)
    async with Caller(teams, secret="wrong") as app:  # noqa: S106
        assert (await app.say(chat, "hello")).status == 401
    async with Caller(teams) as app:
        assert (await app.say(chat, "hello")).status == 201
        teams.login.expire_all()
        assert (await app.say(chat, "hello")).status == 401
    assert len(teams.seen(ANA, chat)) == 1


async def test_an_unsigned_teams_signs_nothing_and_wants_no_token() -> None:
    async with Teams(signed=False) as teams:
        inbox, chat = Inbox(), teams.personal(ANA)
        async with serving(inbox.handle) as url, Caller(teams) as app:
            await teams.http_to(url)
            await teams.say(ANA, chat, "hello")
            await teams.settled()
            assert (await app.say(chat, "hello")).status == 201
        assert "Authorization" not in inbox.headers[0]
        assert teams.faults == []
        assert teams.login.given == 0


async def test_a_file_comes_with_an_address_that_wants_no_token(teams: Teams) -> None:
    inbox, chat = Inbox(), teams.personal(ANA)
    async with serving(inbox.handle) as url:
        await teams.http_to(url)
        await teams.say(ANA, chat, "", files=[Upload("my draft.txt", b"Dear all")])
        await teams.settled()
    file = inbox.got[0]["attachments"][0]
    assert file["contentType"] == "application/vnd.microsoft.teams.file.download.info"
    assert (file["name"], file["content"]["fileType"]) == ("my draft.txt", "txt")
    async with aiohttp.ClientSession() as session:
        async with session.get(file["content"]["downloadUrl"]) as answer:
            assert await answer.read() == b"Dear all"
        assert teams.faults == []
        async with session.get(file["content"]["downloadUrl"], headers={"Authorization": "Bearer x"}):
            pass
    assert len(teams.faults) == 1


async def real_bot(teams: Teams, on_turn: Callable[[TurnContext], Awaitable[None]]) -> Handler:
    """The SDK's own adapter in front of a bot; only its login is the loopback's.

    It fetches keys with a call that blocks, which would wait for this very loop: they are there before.
    """
    metadata = JwtTokenExtractor.get_open_id_metadata(teams.metadata_url)
    await asyncio.to_thread(lambda: asyncio.run(metadata._refresh()))
    async with Caller(teams) as caller:
        given = await caller.token()

    class Token(AppCredentials):
        def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: ARG002 - the SDK's
            return given

    class Credentials(PasswordServiceClientCredentialFactory):
        async def create_credentials(self, app_id: str, *_: object, **__: object) -> Token:
            return Token(app_id)

    class Configuration:
        APP_ID, APP_TYPE, APP_TENANTID = APP_ID, "SingleTenant", TENANT
        CHANNEL_SERVICE = ""
        TO_CHANNEL_FROM_BOT_LOGIN_URL = f"{teams.login_url}/{TENANT}"
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com"
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
        OAUTH_URL = "https://api.botframework.com"
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = teams.metadata_url
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = teams.metadata_url
        CALLER_ID = ""

    class Bot:
        on_turn: Any

    bot = Bot()
    bot.on_turn = on_turn
    credentials = Credentials(APP_ID, "", TENANT)
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration(), credentials_factory=credentials))

    async def handle(request: web.Request) -> web.Response:
        answer = await adapter.process(request, bot)
        return answer or web.Response(status=500)

    return handle


async def echo(turn: TurnContext) -> None:
    text = TurnContext.remove_recipient_mention(turn.activity) or turn.activity.text
    await turn.send_activity(f"You said {text.strip()}")


def streamed(text: str, kind: str, sequence: int | None = None) -> Json:
    info: Json = {"type": "streaminfo", "streamType": kind}
    if sequence is not None:
        info["streamSequence"] = sequence
    return {"type": "message" if kind == "final" else "typing", "text": text, "entities": [info]}


def activity(given: Json) -> Activity:
    """The SDK's own activity, whose entities keep what its class does not know."""
    made = Activity(type=given["type"], text=given["text"])
    made.entities = [Plain(**each) for each in given["entities"]]
    return made


class Plain(Entity):
    """An entity of any properties."""

    _attribute_map: ClassVar[dict[str, dict[str, str]]] = {
        **{name: {"key": name, "type": "str"} for name in ("type", "streamType", "streamId")},
        "streamSequence": {"key": "streamSequence", "type": "int"},
    }

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        super().__init__(type=given["type"])
        for name in ("streamType", "streamId", "streamSequence"):
            setattr(self, name, given.get(name))
