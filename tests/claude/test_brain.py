"""What the good model says by itself."""

import json

from anthropic import AsyncAnthropic

from tests.claude.brain import NOT_COVERED, replacement
from tests.claude.calls import MODEL, SENTENCES, answer, plain, rewrite
from tests.claude.client import text_of
from tests.claude.server import MessagesApi

APPROVED = "Retrieval keeps the answers current."


async def test_an_answer_is_the_sentence_that_shares_most_with_the_question(client: AsyncAnthropic) -> None:
    message = await client.messages.create(**answer("How many milliseconds does a small model take?"))
    (block,) = message.content
    assert block.type == "text"
    assert block.text == SENTENCES[0]
    assert [citation.cited_text for citation in block.citations or []] == [SENTENCES[0]]


async def test_several_sentences_are_cited_apart_with_uncited_glue_between(client: AsyncAnthropic) -> None:
    message = await client.messages.create(**answer("A small model or a long prompt?"))
    cited = [bool(block.citations) for block in message.content if block.type == "text"]
    assert cited == [True, False, True]


async def test_a_question_about_a_claim_is_answered_with_what_to_say(client: AsyncAnthropic) -> None:
    message = await client.messages.create(**answer("May I say that we train on their documents?"))
    assert text_of(message) == APPROVED
    (block,) = message.content
    assert block.type == "text"
    assert [citation.cited_text for citation in block.citations or []] == [f"Do say: {APPROVED}"]


async def test_what_shares_no_word_is_not_covered(client: AsyncAnthropic) -> None:
    message = await client.messages.create(**answer("Who won the football?"))
    assert text_of(message) == NOT_COVERED
    assert not any(block.citations for block in message.content if block.type == "text")


async def test_a_follow_up_leans_on_the_question_before(client: AsyncAnthropic) -> None:
    thread = [{"question": "How many milliseconds does it take?", "answer": "40."}]
    assert text_of(await client.messages.create(**answer("And why?", thread=thread))) == SENTENCES[0]


async def test_every_listed_quote_gets_an_edit_with_the_approved_wording(
    api: MessagesApi, client: AsyncAnthropic
) -> None:
    quotes = ["We can train the model.", "For Acme Bank it costs $4.10, see https://acme.example/x."]
    listed = [{"quote": quote, "rows": ["speed/1", "speed/2"], "approved": APPROVED} for quote in quotes]
    edits = json.loads(text_of(await client.messages.create(**rewrite(*listed))))["edits"]
    assert edits == [
        {"quote": quotes[0], "row": "speed/1", "replacement": f"In short: {APPROVED}"},
        {
            "quote": quotes[1],
            "row": "speed/1",
            "replacement": f"In short: {APPROVED} (This is about Acme Bank, $4.10, https://acme.example/x.)",
        },
    ]
    assert api.requests[0].kind == "rewrite"


def test_a_number_that_the_approved_wording_has_is_not_said_twice() -> None:
    assert replacement("It takes 40 days.", "Plan for 40 days.") == "In short: Plan for 40 days."


async def test_a_plain_answer_has_marks_and_plain_edits_are_the_same_json(
    api: MessagesApi, client: AsyncAnthropic
) -> None:
    passages = [{"n": 7, "section": "Latency", "text": " ".join(SENTENCES)}]
    asked = {"task": "Answer.", "passages": passages, "thread": [], "question": "How many milliseconds?"}
    listed = [{"quote": "Train it.", "rows": ["speed/1"], "approved": APPROVED}]
    edits = {"task": "Rewrite.", "guide": [], "draft": "Train it.", "listed": listed}
    marked, as_text = [
        text_of(await client.messages.create(**{**plain(body), "model": MODEL})) for body in (asked, edits)
    ]
    assert marked == f"{SENTENCES[0]} [7]"
    assert json.loads(as_text)["edits"][0]["quote"] == "Train it."
    assert [request.kind for request in api.requests] == ["plain answer", "plain rewrite"]
