"""What writers decide about findings, through real HTTP on loopback, and what is learnt from it."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.channels.web.delivery import WebDelivery
from bot.channels.web.identity import CHANNEL
from bot.core.choices import Choice
from bot.core.messages import LOCAL, Incoming, Meant
from bot.core.open_reviews import CLOSED, KEPT_SECONDS, MAX_REASON
from bot.core.replies import Event, Review
from bot.stores.sqlite.store import SqliteStore
from tests.prompts.replicas import Clock
from tests.web.calling import Client, MakeClient, assert_one_line, connected, post
from tests.web.deciding import BREAKS, DRAFT, TOMORROW, counted, learnt
from tests.web.parts import Disk, page_app, state_file

USE = {"choice": "use"}
KEEP = {"choice": "keep"}
NOT_MEANT = {"choice": "not meant"}
TOKEN = "a-long-and-secret-token"  # noqa: S105 - a test's token


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody whose draft was reviewed."""

    app: App
    client: Client
    review: str

    async def decide(self, place: int, body: Mapping[str, object]) -> tuple[int, Any]:
        return await post(self.client, "/api/decide", {"review": self.review, "place": place, **body})


async def reviewed(client: Client, text: str = DRAFT, id_: str = "") -> Any:  # noqa: ANN401 - JSON
    status, review = await post(client, "/api/review", {"text": text, "id": id_})
    assert status == 200
    return review


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def writer(folder: Path, aiohttp_client: MakeClient, clock: Clock) -> Writer:
    app = page_app(folder, store=SqliteStore(state_file(folder), clock=clock))
    client = await connected(app, aiohttp_client)
    return Writer(app, client, (await reviewed(client))["review"])


async def test_each_choice_is_told_in_the_words_of_every_channel_and_learnt_by_its_row(writer: Writer) -> None:
    for place, body, says in (
        (0, USE, "You use these words."),
        (1, KEEP, "You keep your words."),
        (1, {**KEEP, "reason": " It never\n did "}, "You keep your words: It never did"),
        (1, NOT_MEANT, "Not what you meant: your words stay."),
    ):
        status, noted = await writer.decide(place, body)
        reason = "It never did" if "reason" in body else ""
        assert (status, noted) == (
            200,
            {"choice": body["choice"], "reason": reason, "may_show": False, "says": says},
        )
    entries = await learnt(writer.app)
    assert [(entry["row"], entry["choice"], entry["reason"], entry["text"]) for entry in entries] == [
        (1, "use", "", None),
        (2, "keep", "", None),
        (2, "keep", "It never did", None),
        (2, "not meant", "", None),
    ]


async def test_of_several_decisions_about_one_finding_the_last_one_counts(writer: Writer) -> None:
    for body in (KEEP, NOT_MEANT, USE, KEEP):
        await writer.decide(0, body)
    assert await counted(writer.app, 1) == {Choice.USE: 0, Choice.KEEP: 1, Choice.NOT_MEANT: 0}
    assert await counted(writer.app, 2) == {}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({**KEEP, "may_show": True}, BREAKS),
        ({**NOT_MEANT, "may_show": True}, BREAKS),
        ({**USE, "may_show": True}, None),
        ({**KEEP, "may_show": False}, None),
        (NOT_MEANT, None),
    ],
)
async def test_the_guides_owner_sees_a_sentence_only_where_its_writer_keeps_it_and_agrees(
    writer: Writer, body: Mapping[str, object], text: str | None
) -> None:
    _, noted = await writer.decide(1, body)
    assert noted["may_show"] == (text is not None)
    assert [entry["text"] for entry in await learnt(writer.app)] == [text]


async def test_agreement_can_be_taken_back(writer: Writer) -> None:
    for may_show in (True, True, False, False):
        _, noted = await writer.decide(0, {**KEEP, "may_show": may_show})
        assert noted["may_show"] is may_show
    assert [entry["text"] for entry in await learnt(writer.app)] == [TOMORROW, None]


async def test_nothing_that_is_learnt_names_the_writer_or_the_review(writer: Writer) -> None:
    await writer.decide(0, {**KEEP, "reason": "so it is"})
    (entry,) = await learnt(writer.app)
    assert not [word for word in (LOCAL, writer.review, "web", "Dana", "tomorrow.") if word in str(entry)]


async def test_a_draft_without_anything_to_decide_on_has_no_review_to_name(writer: Writer) -> None:
    assert (await reviewed(writer.client, "Hi Dana, nothing ever breaks?"))["review"] is None


async def test_a_review_that_is_not_kept_any_more_says_so_and_what_to_do(writer: Writer, clock: Clock) -> None:
    clock.seconds += KEPT_SECONDS - 1
    assert (await writer.decide(0, KEEP))[0] == 200
    clock.seconds += KEPT_SECONDS + 1
    assert await writer.decide(0, USE) == (410, {"error": CLOSED.reason})
    assert await writer.decide(0, {**KEEP, "review": "unknown"}) == (410, {"error": CLOSED.reason})
    assert len(await learnt(writer.app)) == 1


async def test_a_place_that_the_review_does_not_have_is_refused(writer: Writer) -> None:
    for place in (2, 10**30):
        status, refused = await writer.decide(place, KEEP)
        assert status == 410
        assert_one_line(refused)


async def test_only_who_sent_the_draft_decides(
    writer: Writer, clock: Clock, folder: Path, aiohttp_client: MakeClient
) -> None:
    app = page_app(folder, store=SqliteStore(state_file(folder), clock=clock))
    stranger = await connected(app, aiohttp_client, token=TOKEN)
    assert (await post(stranger, "/api/signin", {"token": TOKEN}))[0] == 200
    status, refused = await replace(writer, client=stranger).decide(0, KEEP)
    assert status == 403
    assert_one_line(refused)
    assert await learnt(writer.app) == []


async def test_a_draft_that_is_sent_again_is_the_same_review(writer: Writer) -> None:
    first, again = [await reviewed(writer.client, id_="one") for _ in range(2)]
    assert first == again
    assert first["review"] != writer.review


async def test_another_draft_under_an_id_of_long_ago_is_another_review(writer: Writer, clock: Clock) -> None:
    first = await reviewed(writer.client, TOMORROW, id_="one")
    clock.seconds += KEPT_SECONDS - 1
    await replace(writer, review=first["review"]).decide(0, KEEP)
    clock.seconds += 2  # the id is free again, the review is still kept
    second = await reviewed(writer.client, BREAKS, id_="one")
    assert (await replace(writer, review=second["review"]).decide(0, KEEP))[0] == 200
    assert [entry["row"] for entry in await learnt(writer.app)] == [1, 2]


async def test_where_an_attempt_broke_off_behind_a_review_its_reply_is_that_review(folder: Path) -> None:
    app = page_app(folder)
    await app.open()
    message = Incoming("web:one", LOCAL, "web:one", DRAFT, channel=CHANNEL, meant=Meant.DRAFT)
    review = await app.coach.reply(message)
    assert isinstance(review, Review)
    other = replace(review, edits=(replace(review.edits[0], after="We book a van."), review.edits[1]))

    async def events(reply: Review) -> AsyncGenerator[Event]:
        yield reply

    delivery = WebDelivery(app.reviews)
    first, second = [await delivery.deliver(message, events(each)) for each in (review, other)]
    assert first == second
    await app.close()


async def test_while_the_store_is_away_a_decision_is_refused_and_can_be_sent_again(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    disk = Disk(folder.parent)
    app = page_app(folder, store=SqliteStore(disk.file))
    client = await connected(app, aiohttp_client)
    writer = Writer(app, client, (await reviewed(client))["review"])
    with disk.away():
        status, refused = await writer.decide(0, KEEP)
    assert status == 503
    assert_one_line(refused)
    assert (await writer.decide(0, KEEP))[0] == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"review": ""}, 400),
        ({"review": None}, 400),
        ({"review": 7}, 400),
        ({"review": "web:one"}, 400),
        ({"review": "a" * 65}, 400),
        ({"place": None}, 400),
        ({"place": -1}, 400),
        ({"place": True}, 400),
        ({"place": 0.5}, 400),
        ({"place": "0"}, 400),
        ({"choice": None}, 400),
        ({"choice": "KEEP"}, 400),
        ({"choice": ["keep"]}, 400),
        ({"reason": None}, 400),
        ({"reason": ["so"]}, 400),
        ({"choice": "use", "reason": "so"}, 400),
        ({"choice": "not meant", "reason": "so"}, 400),
        ({"reason": "a" * (MAX_REASON + 1)}, 413),
        ({"may_show": None}, 400),
        ({"may_show": "yes"}, 400),
        ({"may_show": 1}, 400),
    ],
)
async def test_what_is_no_decision_gets_one_line_and_nothing_is_learnt(
    writer: Writer, wrong: Mapping[str, object], status: int
) -> None:
    answered, refused = await writer.decide(0, {**KEEP, **wrong})
    assert answered == status
    assert_one_line(refused)
    assert await learnt(writer.app) == []


async def test_a_reason_of_any_characters_is_taken_up_to_its_limit(writer: Writer) -> None:
    for reason in ("👋" * MAX_REASON, "a\x00b\x1b[2J", "half \ud83d", "<b>&amp;</b>"):
        status, noted = await writer.decide(0, {**KEEP, "reason": reason})
        assert (status, noted["reason"]) == (200, reason)


async def test_another_sites_page_may_not_decide(writer: Writer) -> None:
    body = {"review": writer.review, "place": 0, **KEEP}
    status, refused = await post(writer.client, "/api/decide", body, {"Origin": "http://evil.example"})
    assert status == 403
    assert_one_line(refused)
    form = await writer.client.post("/api/decide", data=b"{}", headers={"Content-Type": "text/plain"})
    assert form.status == 415
    assert await learnt(writer.app) == []
