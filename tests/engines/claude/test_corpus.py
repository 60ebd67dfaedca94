"""What is sent of the lessons, and the way back from what is cited to their lines."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lessons import Knowledge
from bot.core.ports import Evidence, Hit
from bot.engines.claude.corpus import MAX_PASSAGES, Corpus, corpus
from bot.engines.claude.pieces import Cite
from bot.knowledge.index import row_as_passage
from tests.engines.claude.asking import CLEAR, KNOWLEDGE, LEAVES, NEVER_LEAKS, TEN_YEARS, YEARS
from tests.fakes import ExactWordRetriever

NOTHING_FOUND = Evidence(question="q", hits=(), coverage=0.0, covered=False)
EVERYTHING = 25_000
WHOLE = corpus(NOTHING_FOUND, KNOWLEDGE, whole_tokens=EVERYTHING)


async def found(question: str, knowledge: Knowledge = KNOWLEDGE) -> Corpus:
    return corpus(await ExactWordRetriever().search(question, knowledge), knowledge, whole_tokens=0)


def texts(sent: Corpus) -> list[list[object]]:
    return [[block["text"] for block in contents(result)] for result in sent.search_results()]


def contents(result: dict[str, object]) -> list[dict[str, object]]:
    content = result["content"]
    assert isinstance(content, list)
    return content


def test_a_small_knowledge_is_sent_whole_in_its_own_order_a_line_a_block() -> None:
    assert WHOLE.whole
    assert texts(WHOLE)[:2] == [[YEARS], [CLEAR, LEAVES]]
    assert [result["source"] for result in WHOLE.search_results()] == [
        "lesson:roof-care#0",
        "lesson:roof-care#1",
        "lesson:roof-care#row-1",
        "lesson:roof-care#row-2",
    ]


def test_a_guide_row_says_of_each_cell_what_it_is() -> None:
    assert texts(WHOLE)[2] == [f"Don't say: {NEVER_LEAKS}", f"Do say: {TEN_YEARS}", "Why: No roof never leaks"]


async def test_the_whole_is_the_same_whatever_was_found() -> None:
    evidence = await ExactWordRetriever().search("gutters eaves leaks", KNOWLEDGE)
    assert corpus(evidence, KNOWLEDGE, whole_tokens=EVERYTHING).search_results() == WHOLE.search_results()


async def test_of_a_large_knowledge_the_passages_that_were_found_are_sent_the_best_first_each_once() -> None:
    sent = await found("Which leaves hold water against gutters?")
    assert not sent.whole
    assert texts(sent) == [[CLEAR, LEAVES], [YEARS]]


def test_a_row_that_was_found_is_sent_with_all_its_cells() -> None:
    row = KNOWLEDGE.guide[0]
    evidence = Evidence("q", (Hit(row_as_passage(row), 1, 0.9, row),), 0.9, covered=True)
    sent = corpus(evidence, KNOWLEDGE, whole_tokens=0)
    assert texts(sent) == texts(WHOLE)[2:3]
    assert [line.is_dont_say for line in sent.lines] == [True, False, False]


def test_so_many_passages_at_most() -> None:
    passage = KNOWLEDGE.passages[0]
    hits = tuple(Hit(replace(passage, ordinal=number), 0, 0.9) for number in range(MAX_PASSAGES + 5))
    sent = corpus(Evidence("q", hits, 0.9, covered=True), KNOWLEDGE, whole_tokens=0)
    assert [source[0].passage.ordinal for source in sent.sources] == list(range(MAX_PASSAGES))


def test_a_citation_gives_the_lesson_s_own_line() -> None:
    (line,) = WHOLE.cited(Cite(result=1, start=1, end=2, text=LEAVES))
    citation = line.citation(7)
    assert (citation.n, citation.lesson, citation.section) == (7, "roof-care", "Gutters")
    assert (citation.quote, citation.line) == (LEAVES, 10)


def test_the_citation_of_a_cell_quotes_it_without_its_label() -> None:
    (line,) = WHOLE.cited(Cite(result=2, start=1, end=2, text=f"Do say: {TEN_YEARS}"))
    assert line.citation(1).quote == TEN_YEARS


@pytest.mark.parametrize("joined", [f"{CLEAR}{LEAVES}", f"{CLEAR} {LEAVES}", f"{CLEAR}\n{LEAVES}\n"])
def test_lines_may_be_quoted_joined_in_any_way(joined: str) -> None:
    assert [line.text for line in WHOLE.cited(Cite(1, 0, 2, joined))] == [CLEAR, LEAVES]


@pytest.mark.parametrize(
    "wrong",
    [
        Cite(0, 0, 1, CLEAR),
        Cite(1, 0, 1, LEAVES),
        Cite(1, 0, 1, ""),
        Cite(1, 0, 1, CLEAR[:-1]),
        Cite(1, 0, 1, CLEAR.lower()),
        Cite(1, 0, 1, f"{CLEAR}{LEAVES}"),
        Cite(2, 1, 2, TEN_YEARS),
        Cite(-1, 0, 1, "Don't say: Our tiles last forever"),
        Cite(4, 0, 1, CLEAR),
        Cite(1, -1, 1, LEAVES),
        Cite(1, 0, 3, f"{CLEAR}{LEAVES}"),
        Cite(1, 1, 1, ""),
        Cite(1, 2, 1, ""),
        Cite(10**30, 0, 1, CLEAR),
    ],
    ids=repr,
)
def test_a_citation_of_what_is_not_there_gives_nothing(wrong: Cite) -> None:
    assert WHOLE.cited(wrong) == ()


@given(st.builds(Cite, *(st.integers(-2, 5) for _ in range(3)), st.sampled_from([line.sent for line in WHOLE.lines])))
def test_whatever_is_cited_the_quotes_are_exact(cite: Cite) -> None:
    known = {sentence.text for passage in KNOWLEDGE.passages for sentence in passage.sentences}
    known |= {cell for row in KNOWLEDGE.guide for cell in (row.dont_say, row.say, row.why)}
    for line in WHOLE.cited(cite):
        assert line.citation(1).quote in known
        assert line.sent in cite.text


def test_lines_are_numbered_from_one_and_a_mark_leads_back_to_each() -> None:
    numbered = WHOLE.numbered()
    assert [entry["n"] for entry in numbered] == list(range(1, 10))
    for entry in numbered:
        number = entry["n"]
        assert isinstance(number, int)
        cite = WHOLE.marked(number)
        assert cite
        assert [line.sent for line in WHOLE.cited(cite)] == [entry["text"]]


@pytest.mark.parametrize("number", [-1, 0, 10, 9_999])
def test_a_mark_of_no_line_leads_nowhere(number: int) -> None:
    assert WHOLE.marked(number) is None


def test_without_lessons_nothing_is_sent() -> None:
    sent = corpus(NOTHING_FOUND, Knowledge(()), whole_tokens=EVERYTHING)
    assert sent.search_results() == sent.numbered() == []
    assert sent.cited(Cite(0, 0, 1, "x")) == ()
