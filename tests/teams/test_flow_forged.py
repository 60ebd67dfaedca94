"""Whatever somebody sends in a button's or a dialog's place is answered rightly, and changes nothing."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.choices import OpenReview
from tests.teams.coaching import ADMIN, ANA, BEN, DRAFT, QUESTION, answered, asked, chat_of, figures, logged, said
from tests.teams.loopback.card_rules import faults
from tests.teams.loopback.posting import ADAPTIVE
from tests.teams.loopback.waiting import TOLD
from tests.teams.loopback.workspace import TENANT, Json
from tests.teams.moving import acts, live
from tests.teams.reviewing import review_of
from tests.teams.serving import Served

NASTY = st.sampled_from(["\ud83d", "a\x00b", "x" * 5_000, "\u0662"])
"""Half of a surrogate pair and NUL, which no store takes, among them."""
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NASTY
ANYTHING = st.recursive(
    SCALARS | st.text(max_size=9),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each, max_size=3),
    max_leaves=6,
)


def mostly(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Something else in one of eight cases."""
    return st.integers(0, 7).flatmap(lambda number: strategy if number else ANYTHING)


def with_any(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """An object of these fields."""
    return mostly(st.fixed_dictionaries({name: mostly(each) for name, each in fields.items()}))


ANA_S, ADA_S = "ana's review", "ada's proposal"
"""Stand for ids that are somebody else's."""
VERBS = ["review.use", "review.keep", "review.unmeant", "versions.list", "versions.show", "versions.diff"]
VERBS += ["versions.trail", "move.propose", "move.confirm", "move.cancel"]
ACTS = ["review", "show", "insert", "use", "keep", "unmeant", "activate", "rollback"]
NUMBERS = st.sampled_from([0, 1, 2, 99, -1, "0", "1", "1e3", 2.0, True, 10**30]) | SCALARS
NOTES = st.just("Why not") | NASTY
DATA = with_any(
    review=st.just(ANA_S) | NASTY,
    move=st.just(ADA_S) | NASTY,
    act=st.sampled_from(ACTS),
    draft=st.just(DRAFT) | NASTY,
    **dict.fromkeys(("place", "part", "number", "old", "new", "to", "share1", "share2"), NUMBERS),
    **dict.fromkeys(("note", "note1", "note2", "reason0", "reason1"), NOTES),
    **dict.fromkeys(("show0", "show1"), st.sampled_from(["true", True])),
)
REACTIONS = st.sampled_from(["like", "dislike"])
VALUES = {
    "adaptiveCard/action": with_any(action=with_any(verb=st.sampled_from(VERBS), data=DATA)),
    "composeExtension/fetchTask": with_any(messagePayload=with_any(body=with_any(content=NOTES), attachments=ANYTHING)),
    "composeExtension/submitAction": with_any(data=DATA),
    "message/submitAction": with_any(
        actionValue=with_any(reaction=REACTIONS, feedback=st.builds(json.dumps, with_any(feedbackText=NOTES)))
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What nobody but Ana and Ada may change."""

    acts: list[tuple[str, str, str]]
    live: tuple[int | None, int | None]
    review: OpenReview | None
    rated: tuple[int, int]
    decisions: list[Json]
    comments: list[Json]
    seen: list[str]


async def standing(coached: Served, review: str) -> Standing:
    did = await figures(coached)
    return Standing(
        [act for act in await acts(coached.app) if act[0] != "denied"],
        await live(coached.app),
        await coached.app.reviews.find(review),
        (did.up, did.down),
        await logged(coached, "decisions"),
        await logged(coached, "comments"),
        [each.plain for user in (ANA, ADMIN) for each in said(coached.teams, user, chat_of(coached, user))],
    )


def put(value: object, ids: Json) -> object:
    """The value with the real ids where they are stood for."""
    if isinstance(value, dict):
        return {name: put(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [put(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, str) else value


def is_right(name: str, body: object) -> bool:
    """Whether Teams takes the answer."""
    if name == "message/submitAction":
        return body == {}
    if not isinstance(body, dict):
        return False
    if name == "adaptiveCard/action":
        value = body["value"]
        is_line = body["type"] == TOLD and isinstance(value, str) and bool(value)
        return body["statusCode"] == 200 and (is_line or (body["type"] == ADAPTIVE and faults(value) == []))
    task = body["task"]
    return task["type"] == "continue" and faults(task["value"]["card"]["content"], "dialog") == []


@dataclass(frozen=True, slots=True)
class Others:
    """What is Ana's and Ada's: ids by what stands for them, messages, and what they have before them."""

    coached: Served
    ids: Json
    messages: list[str]
    before: Standing


@pytest.fixture
async def others(coached: Served) -> Others:
    chat, admins = chat_of(coached), chat_of(coached, ADMIN)
    draft, (review,) = await asked(coached, ANA, chat, f"review {DRAFT}")
    proposed, (proposal,) = await asked(coached, ADMIN, admins, "prompts activate 2 clearer words")
    answer = await answered(coached, ANA, chat, QUESTION)
    ids = {ANA_S: f"teams:{TENANT}/{chat}/{draft}", ADA_S: f"teams:{TENANT}/{admins}/{proposed}"}
    before = await standing(coached, ids[ANA_S])
    assert before.review is not None
    return Others(coached, ids, [review.id, proposal.id, answer.id, "", "x"], before)


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@pytest.mark.parametrize("name", VALUES)
async def test_what_nobody_was_given_is_answered_and_changes_nothing(
    others: Others, name: str, data: st.DataObject
) -> None:
    value = put(data.draw(VALUES[name]), others.ids)
    message = data.draw(st.sampled_from(others.messages))
    teams = others.coached.teams
    delivered = await teams.invoke(BEN, chat_of(others.coached, BEN), name, value, reply_to=message)
    assert delivered.status == 200
    assert is_right(name, delivered.body), delivered.body
    assert await standing(others.coached, others.ids[ANA_S]) == others.before


@pytest.mark.parametrize("text", ["\ud83d", "a\x00b", "\udfff x"])
async def test_what_no_store_takes_is_answered_as_anything_else(coached: Served, text: str) -> None:
    teams, chat = coached.teams, chat_of(coached)
    submits = [{"act": "review", "draft": text}, {"act": "show", "review": text}, {"act": "insert", "review": text}]
    for data in submits:
        shown = await teams.invoke(ANA, chat, "composeExtension/submitAction", {"data": data})
        assert (shown.status, is_right("composeExtension/submitAction", shown.body)) == (200, True)
    for verb, held in (("review.use", {"review": text, "place": 0, "part": 0}), ("move.confirm", {"move": text})):
        action = {"action": {"verb": verb, "data": held}}
        pressed = await teams.invoke(ANA, chat, "adaptiveCard/action", action)
        assert (pressed.status, is_right("adaptiveCard/action", pressed.body)) == (200, True)
    (review,) = await review_of(coached)
    await teams.press(ANA, review.id, "review.keep", {"reason0": f"so {text}"}, {"place": 0})
    answer = await answered(coached, ANA, chat, QUESTION)
    await teams.react(ANA, answer.id, "like", f"so {text}")
    kept = [each["reason"] for each in await logged(coached, "decisions")]
    kept += [each["text"] for each in await logged(coached, "comments")]
    assert [each.split()[0] for each in kept] == ["so", "so"]
    assert teams.failures == []
