from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.teams.render import dialog
from bot.channels.teams.render.choices import reason_id, show_id
from bot.channels.teams.render.message import Card, Message
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.replies import Finding
from tests.slack.rendering import nasty_texts, unhurried
from tests.slack.test_render_review import ROW, choices, review_of, reviews
from tests.teams.rendering import Json, cards_of, check_card, contains, joined, parts_of, seen_of

ID = "teams:request:t/dialog/a:1/1"
SMALL = review_of([("Hi,\n", "It never leaks.", "It holds ten years.")], "\nBye")


def shown(card: Card) -> str:
    return seen_of([Message(cards=(card,))])


def sends(card: Card) -> list[Json]:
    return [
        dict(each["data"]) for sent in cards_of([Message(cards=(card,))]) for each in parts_of(sent, "Action.Submit")
    ]


@unhurried
@given(st.data())
def test_any_review_fits_a_dialog_or_says_that_there_is_more(data: st.DataObject) -> None:
    review = data.draw(reviews())
    opened = data.draw(choices(review))
    card = dialog.review_card(opened, ID)
    check_card(card, "dialog")
    words = [*(edit.before for edit in review.edits), *(note.quote for note in review.notes)]
    assert dialog.MORE in shown(card) or contains(shown(card), *words, opened.rewritten if review.edits else "")
    if (made := dialog.result_card(opened)) is not None:
        check_card(made, "compose")
        assert contains(shown(made), opened.rewritten)


@unhurried
@given(nasty_texts)
def test_any_text_is_told_in_a_dialog(text: str) -> None:
    check_card(dialog.told_card(text), "dialog")


def test_a_form_asks_for_a_draft() -> None:
    card = dialog.form_card()
    check_card(card, "dialog")
    (field,) = parts_of(card, "Input.Text")
    assert (field["id"], field["label"], field["isMultiline"]) == ("draft", dialog.YOUR_DRAFT, True)
    assert sends(card) == [{"act": "review"}]
    told = dialog.form_card("Paste a draft first.")
    check_card(told, "dialog")
    assert shown(told).startswith("Paste a draft first.")


def test_a_dialog_that_waits_asks_again_for_the_review() -> None:
    assert sends(dialog.waiting_card(ID)) == [{"act": "show", "review": ID}]


def test_a_review_has_its_choices_and_goes_into_the_message() -> None:
    card = dialog.review_card(OpenReview(SMALL), ID)
    about = {"review": ID, "place": 0}
    assert sends(card) == [
        {"act": "use", **about},
        {"act": "keep", **about},
        {"act": "unmeant", **about},
        {"act": "insert", "review": ID},
    ]
    (asked,) = parts_of(card, "Action.ShowCard")
    assert [each["id"] for each in asked["card"]["body"]] == [reason_id(0), show_id(0)]
    assert "Rewritten draft\nHi,\nIt holds ten years.\nBye" in shown(card)


def test_what_was_chosen_is_shown_and_goes_into_the_message() -> None:
    opened = OpenReview(SMALL, {0: Chosen(Choice.KEEP, "A quote.")})
    assert "You keep your words: A quote." in shown(dialog.review_card(opened, ID))
    made = dialog.result_card(opened)
    assert made is not None
    assert shown(made) == "Hi,\nIt never leaks.\nBye"


@pytest.mark.parametrize(
    "review",
    [
        review_of([("So.\n", "It never leaks.", "It holds ten years.")] * 60),
        review_of([], "Hi", notes=(Finding(ROW, 0, 2, "Is it so?", 0.5),) * 200),
        review_of([("x" * 30_000, "It never leaks.", "It holds ten years.")]),
    ],
    ids=["many replacements", "many notes", "a long draft"],
)
def test_what_does_not_fit_is_said_to_be_in_the_personal_chat(review: object) -> None:
    assert isinstance(review, type(SMALL))
    card = dialog.review_card(OpenReview(review), ID)
    check_card(card, "dialog")
    assert dialog.MORE in shown(card)


def test_a_draft_too_long_for_a_message_is_not_put_into_one() -> None:
    opened = OpenReview(review_of([("x" * 30_000, "It never leaks.", "It holds ten years.")]))
    assert {"act": "insert", "review": ID} not in sends(dialog.review_card(opened, ID))
    assert dialog.result_card(opened) is None


def test_a_draft_of_which_nothing_is_left_is_not_put_into_a_message() -> None:
    opened = OpenReview(review_of([("", "It never leaks.", "")]))
    card = dialog.review_card(opened, ID)
    check_card(card, "dialog")
    assert {"act": "insert", "review": ID} not in sends(card)


def test_a_draft_without_claims_needs_no_change() -> None:
    card = dialog.review_card(OpenReview(review_of([], "Hi")), ID)
    assert shown(card).startswith("Nothing to change")
    assert sends(card) == []


def test_a_dialog_and_what_it_comes_to_are_as_teams_wants_them() -> None:
    card = dialog.told_card("So.")
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    assert dialog.dialog("Review phrasing", card) == {
        "task": {
            "type": "continue",
            "value": {"title": "Review phrasing", "height": "large", "width": "medium", "card": content},
        }
    }
    made = dialog.inserted(card)["composeExtension"]
    assert isinstance(made, dict)
    (attached,) = made["attachments"]
    assert (made["type"], made["attachmentLayout"]) == ("result", "list")
    assert {name: attached[name] for name in content} == content
    assert attached["preview"]["content"] == {"title": "Rewritten draft"}


def test_a_fallback_is_said_in_a_dialog_too() -> None:
    card = dialog.review_card(OpenReview(replace(SMALL, prompt_stale=True)), ID)
    assert joined("The coach's store is away") in joined(shown(card))
