"""What of a reply is released: only what stands on cited lines, with approved wording in a claim's place."""

import re
from dataclasses import replace

import pytest

from bot.core.ports import AnswerTask, Hit
from bot.encoder.embedder import Embedder
from bot.engines.claude.claimed import ClaimGuard
from bot.engines.claude.corpus import corpus
from bot.engines.claude.grounded import Secret
from bot.engines.claude.pieces import Cite
from bot.engines.claude.released import MAX_WORDS, Release
from bot.engines.claude.sentences import Sentence
from bot.engines.claude.supported import Support
from bot.knowledge.index import row_as_passage
from tests.engines.claude.asking import CLEAR, KNOWLEDGE, LEAVES, NEVER_LEAKS, QUESTION, TEN_YEARS, YEARS
from tests.engines.claude.test_corpus import NOTHING_FOUND
from tests.fakes import ExactClaimFinder

SYSTEM_PROMPT = "Always answer the rep from the lessons alone, plainly and in the lessons' own words."
WHOLE = corpus(NOTHING_FOUND, KNOWLEDGE, whole_tokens=25_000)
YEARS_LINE, CLEAR_LINE, LEAVES_LINE, DONT_LINE, SAY_LINE = (
    Cite(result, number, number + 1, WHOLE.sources[result][number].sent)
    for result, number in ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1))
)
UNCITED = "Every copper roof turns green within a decade of rain."


@pytest.fixture
def release() -> Release:
    task = AnswerTask(QUESTION, NOTHING_FOUND, KNOWLEDGE)
    secret = Secret(SYSTEM_PROMPT, WHOLE.text)
    return Release(task, WHOLE, secret, ClaimGuard(ExactClaimFinder()), Support(Embedder()))


async def take(release: Release, text: str, *cites: Cite, lead: str = " ") -> str:
    return await release.take(Sentence(lead, text, cites))


async def test_a_cited_sentence_is_released_with_its_marks(release: Release) -> None:
    assert await take(release, CLEAR, CLEAR_LINE, lead="") == f"{CLEAR} [1]"
    assert await take(release, "Leaves hold water, so clear them.", LEAVES_LINE, CLEAR_LINE) == (
        " Leaves hold water, so clear them. [2][1]"
    )
    assert [(citation.n, citation.quote) for citation in release.citations] == [(1, CLEAR), (2, LEAVES)]


async def test_nothing_is_released_before_the_first_citation_and_then_in_order(release: Release) -> None:
    assert await take(release, "Yes.", lead="") == ""
    assert release.text == ""
    assert await take(release, CLEAR, CLEAR_LINE, lead="\n\n") == f"Yes.\n\n{CLEAR} [1]"


async def test_what_is_never_cited_is_never_released(release: Release) -> None:
    for text in ("Yes.", "The lessons do not cover this.", UNCITED):
        assert await take(release, text) == ""
    assert (release.text, release.citations) == ("", ())


async def test_an_uncited_statement_is_dropped_after_a_citation_too(release: Release) -> None:
    await take(release, CLEAR, CLEAR_LINE, lead="")
    assert await take(release, UNCITED) == ""
    assert release.text == f"{CLEAR} [1]"
    assert not release.guarded


async def test_a_citation_that_does_not_hold_is_none(release: Release) -> None:
    assert await take(release, UNCITED, Cite(1, 0, 1, "Copper turns green.")) == ""
    assert release.citations == ()


async def test_a_don_t_say_supports_nothing_but_its_own_refusal(release: Release) -> None:
    assert await take(release, "A roof keeps all water out for good.", DONT_LINE, lead="") == ""
    shown = f'Not: "{NEVER_LEAKS[:10]}…"'
    assert await take(release, shown, DONT_LINE, lead="") == f"{shown} [1]"
    assert release.citations[0].quote == NEVER_LEAKS


async def test_a_claim_is_corrected_by_the_approved_wording_set_apart(release: Release) -> None:
    await take(release, CLEAR, CLEAR_LINE, lead="")
    assert await take(release, f"{NEVER_LEAKS}.", SAY_LINE) == f'\n\nSay: "{TEN_YEARS}" [2]'
    assert await take(release, LEAVES, LEAVES_LINE) == f"\n\n{LEAVES} [3]"
    assert release.guarded
    assert [citation.quote for citation in release.citations] == [CLEAR, TEN_YEARS, LEAVES]


async def test_a_claim_that_comes_first_is_corrected_though_it_cites_nothing_new(release: Release) -> None:
    assert await take(release, f'Say: "{NEVER_LEAKS}."', SAY_LINE, lead="\n\n") == f'Say: "{TEN_YEARS}" [1]'


async def test_the_same_claim_twice_is_corrected_once(release: Release) -> None:
    await take(release, f"{NEVER_LEAKS}.", SAY_LINE, lead="")
    await take(release, f'Say: "{NEVER_LEAKS}."', SAY_LINE, lead="\n\n")
    assert release.text.count(TEN_YEARS) == 1


async def test_a_claim_hidden_behind_invisible_characters_is_corrected(release: Release) -> None:
    hidden = "\u200b".join(NEVER_LEAKS)
    assert TEN_YEARS in await take(release, f"{hidden}.", SAY_LINE, lead="")


@pytest.mark.parametrize("mark", ["[1]", " [7]", "[12][3]", "[\u200b1]", "[[1]1]", "[1, 2]", "[1][\u20602]"], ids=ascii)
async def test_marks_of_the_model_s_own_are_taken_out(release: Release, mark: str) -> None:
    await take(release, f"{YEARS[:-1]}{mark}.", YEARS_LINE, lead="")
    assert re.findall(r"\[[^\]]*\]", release.text) == ["[1]"]


@pytest.mark.parametrize(
    "unseen",
    [
        *("\x00", "\x07", "\x1b", "\x7f", "\x9b", "\r", "\u00ad", "\u061c", "\u180e", "\u200b", "\u200e", "\u202e"),
        *("\u2060", "\u2066", "\ufeff", "\ud83d", "\udc00", "\U000e0041"),
    ],
    ids=ascii,
)
async def test_invisible_and_broken_characters_are_taken_out(release: Release, unseen: str) -> None:
    await take(release, CLEAR.replace("gut", f"gut{unseen}"), CLEAR_LINE, lead="")
    assert release.text == f"{CLEAR} [1]"


@pytest.mark.parametrize(
    "brought",
    ["See https://elsewhere.example/roofs.", "It lasts 500 years.", f"My instructions: {SYSTEM_PROMPT}"],
    ids=["link", "figure", "prompt"],
)
async def test_what_comes_from_nowhere_is_dropped_even_with_a_citation(release: Release, brought: str) -> None:
    assert await take(release, brought, YEARS_LINE, lead="") == ""
    assert release.guarded
    assert release.citations == ()


async def test_an_answer_is_never_longer_than_a_rep_can_read(release: Release) -> None:
    for _ in range(60):
        await take(release, CLEAR, CLEAR_LINE)
    words = re.sub(r" \[\d+\]", "", release.text).split()
    assert MAX_WORDS - 5 < len(words) <= MAX_WORDS


async def test_after_a_sentence_for_which_there_is_no_room_nothing_more_comes(release: Release) -> None:
    for _ in range(MAX_WORDS // 5 - 1):
        await take(release, CLEAR, CLEAR_LINE)
    assert await take(release, YEARS, YEARS_LINE) == ""
    assert await take(release, CLEAR, CLEAR_LINE) == ""


async def test_paragraphs_and_list_items_stay_apart_and_no_gap_is_wider_than_one_line(release: Release) -> None:
    await take(release, f"- {CLEAR}", CLEAR_LINE, lead="\n")
    await take(release, f"- {LEAVES}", LEAVES_LINE, lead="\n")
    await take(release, YEARS, YEARS_LINE, lead="\n\n\n\n")
    assert release.text == f"- {CLEAR} [1]\n- {LEAVES} [2]\n\n{YEARS} [3]"


async def test_a_dropped_sentence_keeps_its_paragraph_s_end(release: Release) -> None:
    await take(release, CLEAR, CLEAR_LINE, lead="")
    await take(release, UNCITED, lead="\n\n")
    assert await take(release, LEAVES, LEAVES_LINE) == f"\n\n{LEAVES} [2]"


async def test_a_citation_of_many_lines_counts_as_its_first_ones(release: Release) -> None:
    both = Cite(1, 0, 2, CLEAR + LEAVES)
    await take(release, "Clear the leaves every autumn.", both, lead="")
    assert [citation.quote for citation in release.citations] == [CLEAR, LEAVES]


async def test_marks_of_punctuation_alone_are_passed_over(release: Release) -> None:
    assert await take(release, "***", CLEAR_LINE, lead="") == ""
    assert release.citations == ()


async def test_a_yes_before_what_is_corrected_is_left_out(release: Release) -> None:
    await take(release, "Yes.", lead="")
    assert await take(release, f"{NEVER_LEAKS}.", SAY_LINE) == f'Say: "{TEN_YEARS}" [1]'


async def test_to_a_question_about_a_guide_row_a_mere_yes_says_too_much() -> None:
    row = KNOWLEDGE.guide[0]
    hit = Hit(passage=row_as_passage(row), sentence=0, relevance=0.9, row=row)
    task = AnswerTask("Is it true?", replace(NOTHING_FOUND, hits=(hit,)), KNOWLEDGE)
    secret = Secret(SYSTEM_PROMPT, WHOLE.text)
    release = Release(task, WHOLE, secret, ClaimGuard(ExactClaimFinder()), Support(Embedder()))
    await take(release, "Yes.", lead="")
    assert await take(release, f"{TEN_YEARS}.", SAY_LINE) == f"{TEN_YEARS}. [1]"


async def test_a_sentence_that_turns_its_line_round_is_dropped(release: Release) -> None:
    for turned in ("Leaves do not hold water against the eaves.", "Leaves never hold water against the eaves."):
        assert await take(release, turned, LEAVES_LINE, lead="") == ""
    assert release.guarded


async def test_a_sentence_that_no_answer_could_hold_is_not_even_judged(release: Release) -> None:
    assert await take(release, "a-" * 2_000 + "1.", LEAVES_LINE, lead="") == ""
    assert release.guarded
