"""A good model that knows nothing but its request and always says the same about it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from tests.claude.asked import Asked, Body, object_in, search_results, user_texts
from tests.claude.behaviours import Cite, Json, Reply, Text, saying

NOT_COVERED = "The lessons do not cover this."
MOST_SENTENCES = 3
CLOSE_TO_BEST = 0.6
"""A further sentence is told when it scores this much of what the best one scores."""

DONT_SAY, DO_SAY, WHY = "Don't say: ", "Do say: ", "Why: "
PLAIN_WORDS = frozenset(
    "a about all also am an and any are as at be been but by can could did do does for from get give had has have how "
    "i if in into is it its just me my no not of on one or our out say should so some tell than that the their them "
    "then there these they this to up us use was we were what when where which who why will with would you your".split()
)
WORD = re.compile(r"[a-z0-9]+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
PARTICULAR = re.compile(r"https?://\S+|\S+@\S+\.\w+|[$€£]?\d[\d.,:/%]*\w*|(?<=[\w,;] )[A-Z][\w&'-]*(?: [A-Z][\w&'-]*)*")
"""A link, an address, a number or a name, which a rewrite must not lose."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be told, the words it is found by, and where it stands."""

    text: str
    words: frozenset[str]
    cite: Cite


def brain(asked: Asked) -> Reply | Json:
    """The model's reply to any of the coach's calls."""
    objects = [object_in(text) for text in user_texts(asked.body)]
    request: dict[str, object] = {key: value for each in objects for key, value in each.items()}
    match asked.kind:
        case "answer":
            return cited_answer(request, search_results(asked.body))
        case "rewrite":
            return Json(edits_of(request))
        case "plain answer":
            return saying(marked_answer(request))
        case "plain rewrite":
            return saying(edits_of(request))
        case _:
            return saying("I answer questions about the lessons and rewrite sentences of a draft.")


def cited_answer(request: Body, results: Sequence[Body]) -> Reply:
    """One to three sentences of the search results, each a cited block."""
    told = _best(request, [each for index, result in enumerate(results) for each in _candidates(index, result)])
    if not told:
        return saying(NOT_COVERED)
    blocks: list[Text] = []
    for number, each in enumerate(told):
        if number:
            blocks.append(Text("\n\n" if number == MOST_SENTENCES - 1 else " "))  # the glue that Claude leaves uncited
        blocks.append(Text(each.text, cites=(each.cite,)))
    return Reply(tuple(blocks))


def marked_answer(request: Body) -> str:
    """The same from numbered passages, with `[n]` after each sentence."""
    candidates = [
        Candidate(sentence, words_of(sentence), (passage["n"], number, number + 1))
        for passage in _objects(request.get("passages"))
        for number, sentence in enumerate(SENTENCE_END.split(str(passage["text"])))
    ]
    return " ".join(f"{each.text} [{each.cite[0]}]" for each in _best(request, candidates)) or NOT_COVERED


def edits_of(request: Body) -> str:
    """The edits, as JSON, that put approved wording in place of every listed quote."""
    edits = [
        {
            "quote": each["quote"],
            "row": each["rows"][0],
            "replacement": replacement(str(each["quote"]), str(each["approved"])),
        }
        for each in _objects(request.get("listed"))
    ]
    return json.dumps({"edits": edits}, ensure_ascii=False)


def replacement(quote: str, approved: str) -> str:
    """The approved wording, then the quote's links, numbers and names that it lacks."""
    kept = [each.rstrip(".,;:!?") for each in PARTICULAR.findall(quote)]
    lacking = [each for each in dict.fromkeys(kept) if each not in approved]
    return f"In short: {approved}" + (f" (This is about {', '.join(lacking)}.)" if lacking else "")


@lru_cache(maxsize=10_000)
def words_of(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    words = (word for word in WORD.findall(text.lower()) if word not in PLAIN_WORDS)
    return frozenset(Stemmer.Stemmer("english").stemWords([word for word in words if len(word) > 1]))


def _candidates(index: int, result: Body) -> Iterable[Candidate]:
    texts = [str(block["text"]) for block in result["content"]]
    asked_by = frozenset[str]()
    for at, text in enumerate(texts):
        if text.startswith(DONT_SAY):
            asked_by = words_of(text.removeprefix(DONT_SAY))  # who asks about a claim is told what to say instead
            continue
        told = text.removeprefix(DO_SAY).removeprefix(WHY)
        words = words_of(told) | (asked_by if text.startswith(DO_SAY) else frozenset())
        yield Candidate(told, words, (index, at, at + 1))


def _best(request: Body, candidates: Sequence[Candidate]) -> list[Candidate]:
    question = words_of(str(request.get("question", "")))
    told = _ranked(question, candidates)
    thread = _objects(request.get("thread"))
    if not told and thread:  # a follow-up that says nothing by itself
        told = _ranked(question | words_of(str(thread[-1].get("question", ""))), candidates)
    return told


def _ranked(question: frozenset[str], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates that share a word with the question, the rarer the better, best first."""
    holders = {word: sum(word in each.words for each in candidates) for word in question}
    scores = [sum(1 / holders[word] for word in sorted(question & each.words)) for each in candidates]
    order = sorted(range(len(candidates)), key=lambda at: -scores[at])
    least = max(scores, default=0.0) * CLOSE_TO_BEST
    return [candidates[at] for at in order[:MOST_SENTENCES] if scores[at] and scores[at] >= least]


def _objects(value: object) -> list[Body]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
