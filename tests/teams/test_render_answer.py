from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.teams.render.answer import MAX_STREAMED, answer_messages, streamed
from bot.channels.teams.render.markdown import escaped
from bot.channels.teams.render.message import MAX_ABSTRACT, MAX_CITATIONS, MAX_NAME
from bot.core.replies import Answer, Citation, EngineName, Fallback
from tests.slack.rendering import ANSWER, NOT_COVERED, answers, nasty_texts, unhurried
from tests.teams.loopback import cards
from tests.teams.loopback.markdown import plain
from tests.teams.rendering import cards_of, check, contains, documents, joined, parts_of, seen, seen_of, sent

SOURCES = "Show the sources"
# A long text nearly all of which has to be escaped is cut earlier in the end than while it grows.
streamable = nasty_texts.filter(lambda text: len(text) < 2_500 or len(escaped(text)) < 1.2 * len(text))


def cited(n: int, quote: str = "It holds ten years.", section: str = "Care") -> Citation:
    return Citation(n=n, lesson="roofs", section=section, quote=quote, line=n)


@unhurried
@given(answers)
def test_any_answer_is_whole_and_teams_takes_it(answer: Answer) -> None:
    made = answer_messages(answer)
    check(made)
    below = "".join(cards.text(card) for card in cards_of(made)).replace(f"[{SOURCES}]", "")
    shown = below + "".join(each["name"] + each["abstract"] for message in made for each in documents(message))
    lines = (*answer.citations, *answer.closest)
    assert contains(shown, *(line.quote for line in lines), *(line.lesson for line in lines))
    assert [message.feedback for message in made] == [True] + [False] * (len(made) - 1)
    assert all(message.generated for message in made)


@unhurried
@given(answers)
def test_nothing_of_an_answers_text_is_lost(answer: Answer) -> None:
    texts = "".join(plain(message.text) for message in answer_messages(answer))
    assert joined(answer.text) in joined(texts)


@unhurried
@given(streamable, st.data())
def test_a_growing_text_only_grows_and_becomes_the_answer(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=12).map(sorted))
    whole = answer_messages(replace(ANSWER, text=text))[0].text
    before = ""
    for cut in cuts:
        shown = streamed(text[:cut])
        assert shown.startswith(before)
        before = shown
    assert whole.startswith(before)


def test_of_a_growing_text_what_may_still_become_something_else_waits() -> None:
    assert streamed("So it is") == "So it is"
    assert streamed("So it is [1") == "So it is"
    assert streamed("So it is [1]") == "So it is [1]"
    assert streamed("So.\nSay") == "So."
    assert streamed('So.\nSay: "It') == 'So.\n\n> **Say:** "It'
    assert streamed("See https://acme.com/a_") == "See https://acme.com/a"
    assert streamed("") == ""
    assert streamed("x" * 9_000) == "x" * MAX_STREAMED


def test_what_to_say_stands_behind_a_bar_and_labels_stand_out() -> None:
    (message,) = answer_messages(replace(ANSWER, text='First. [1]\nSay: "It holds." [1]\nNot: "Never."\n\nSo.\nIt is.'))
    assert message.text == (
        'First. [1]\n\n> **Say:** "It holds." [1]\n\n**Not:** "Never."  \n  \nSo.  \nIt is.'
        "\n\n_Prompt version 3 \N{MIDDLE DOT} lessons engine_"
    )


def test_citations_are_shown_where_their_marks_stand() -> None:
    (message,) = answer_messages(replace(ANSWER, citations=ANSWER.citations[:2]))
    assert sent(message)["entities"] == [
        {
            "type": "https://schema.org/Message",
            "@type": "Message",
            "@context": "https://schema.org",
            "@id": "",
            "additionalType": ["AIGeneratedContent"],
            "citation": [
                {
                    "@type": "Claim",
                    "position": n,
                    "appearance": {
                        "@type": "DigitalDocument",
                        "name": f"roofs \N{MIDDLE DOT} {section}",
                        "abstract": it,
                    },
                }
                for n, section, it in [(1, "Care", "It holds ten years."), (2, "Guide", "It never leaks.")]
            ],
        }
    ]
    assert message.cards == ()


@pytest.mark.parametrize(
    "citation",
    [
        cited(1, "It holds. " * 20),
        cited(1, section="Care " * 20),
        cited(7),
    ],
    ids=["a long quote", "a long name", "a mark that is nowhere"],
)
def test_sources_that_are_not_shown_whole_unfold_below(citation: Citation) -> None:
    (message,) = answer_messages(replace(ANSWER, citations=(citation,)))
    check([message])
    (card,) = cards_of([message])
    (folded,) = (each for each in parts_of(card, "Container") if each.get("isVisible") is False)
    (button,) = parts_of(card, "Action.ToggleVisibility")
    assert (button["title"], button["targetElements"]) == (SOURCES, [folded["id"]])
    shown = seen_of([message])
    assert contains(shown, citation.quote)
    assert contains(shown, f"[{citation.n}] roofs \N{MIDDLE DOT} {citation.section}")
    assert all(len(each["abstract"]) <= MAX_ABSTRACT and len(each["name"]) <= MAX_NAME for each in documents(message))


def test_more_sources_than_teams_shows_unfold_below() -> None:
    text = " ".join(f"So it is [{n}]." for n in range(1, 31))
    (message,) = answer_messages(replace(ANSWER, text=text, citations=tuple(cited(n) for n in range(1, 31))))
    check([message])
    assert len(documents(message)) == MAX_CITATIONS
    assert "[30] roofs" in seen(message)


def test_a_question_that_is_not_covered_shows_the_closest_lines() -> None:
    (message,) = answer_messages(NOT_COVERED)
    check([message])
    assert seen(message).splitlines()[-3:] == [
        "The closest lines",
        "roofs \N{MIDDLE DOT} Care",
        "Gutters need a look.",
    ]
    assert documents(message) == []


def test_a_long_answer_has_each_citation_in_the_message_that_names_it() -> None:
    text = "So it is [1]. " + "words " * 3_000 + "And so [2]."
    first, last = answer_messages(replace(ANSWER, text=text, citations=(cited(1), cited(2, "Gutters."))))
    check([first, last])
    assert [each["abstract"] for each in documents(first)] == ["It holds ten years."]
    assert [each["abstract"] for each in documents(last)] == ["Gutters."]
    assert "Prompt version 3" not in first.text
    assert last.text.endswith("lessons engine_")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "Prompt version 3 \N{MIDDLE DOT} lessons engine"),
        (
            {"engine": EngineName.CLAUDE, "model": "claude-sonnet-4-5"},
            "Prompt version 3 \N{MIDDLE DOT} Claude (claude-sonnet-4-5)",
        ),
        ({"prompt_stale": True}, "The coach's store is away: version 3"),
        ({"fallback": Fallback.SLOW}, "Claude took too long, so this is in the lessons' own words."),
    ],
)
def test_it_says_who_answered_and_in_what_circumstances(changed: dict[str, object], told: str) -> None:
    assert told in seen_of(answer_messages(replace(ANSWER, **changed)))  # type: ignore[arg-type]


def test_on_the_wire_an_answer_asks_for_thumbs() -> None:
    made = sent(answer_messages(ANSWER)[0])
    assert made["channelData"] == {"feedbackLoop": {"type": "default"}}
    assert (made["type"], made["textFormat"]) == ("message", "markdown")
