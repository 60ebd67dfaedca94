import subprocess
import sys
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoder.claim_encoder import (
    MAX_AFTER_TOKENS,
    MAX_BEFORE_TOKENS,
    MAX_TOKENS,
    ClaimEncoder,
    InContext,
    Said,
    Tokens,
)
from bot.encoder.embedder import DIMENSIONS

ENCODER = ClaimEncoder()
CLS, SEP = 101, 102
ANY = st.text(max_size=300) | st.text(st.characters(categories=("Cs", "Cc", "Lo", "So")), max_size=40)
SENTENCES = (
    InContext("Bees look after themselves."),
    InContext("And they do.", before="Can bees look after themselves?", after="That's right."),
    InContext("See you on Tuesday.", after="Scratch that."),
    InContext("a"),
    InContext(""),
    InContext("We met your people on a rainy day and spoke about the lunch, the train and the station. " * 5),
)


def pieces(text: str) -> tuple[int, ...]:
    """What a text is cut into, without the special ones."""
    return ENCODER.tokens(InContext(text)).ids[1:-1]


def same(said: Said, other: Said) -> bool:
    return (
        np.array_equal(said.vectors, other.vectors)
        and np.array_equal(said.wanted, other.wanted)
        and np.array_equal(said.leaning, other.leaning)
    )


def test_a_sentence_stands_between_its_neighbours_which_are_of_another_type() -> None:
    before, text, after = pieces("Do bees sting?"), pieces("They do."), pieces("That's right.")
    tokens = ENCODER.tokens(InContext("They do.", before="Do bees sting?", after="That's right."))
    assert tokens.ids == (CLS, *before, SEP, *text, SEP, *after, SEP)
    assert tokens.types == (0, *[1] * (len(before) + 1), *[0] * (len(text) + 1), *[1] * (len(after) + 1))


def test_a_neighbour_that_is_not_there_leaves_no_trace() -> None:
    before, text, after = pieces("Do bees sting?"), pieces("They do."), pieces("That's right.")
    assert ENCODER.tokens(InContext("They do.")) == Tokens((CLS, *text, SEP), (0,) * (len(text) + 2))
    assert ENCODER.tokens(InContext("They do.", before="Do bees sting?")).ids == (CLS, *before, SEP, *text, SEP)
    assert ENCODER.tokens(InContext("They do.", after="That's right.")).ids == (CLS, *text, SEP, *after, SEP)
    assert ENCODER.tokens(InContext("")) == Tokens((CLS, SEP), (0, 0))


def test_of_long_texts_the_first_pieces_are_read_and_of_the_one_before_the_last() -> None:
    whole = {str(n): found for n in range(100, 999) if len(found := pieces(str(n))) == 1}
    words, known = " ".join(whole), [piece for (piece,) in whole.values()]
    assert len(known) > 2 * MAX_TOKENS
    tokens = ENCODER.tokens(InContext(words, before=words, after=words))
    before, text, after = known[-MAX_BEFORE_TOKENS:], known[:MAX_TOKENS], known[:MAX_AFTER_TOKENS]
    assert tokens.ids == (CLS, *before, SEP, *text, SEP, *after, SEP)
    assert (MAX_BEFORE_TOKENS, MAX_TOKENS, MAX_AFTER_TOKENS) == (32, 128, 24)


@given(ANY, ANY, ANY)
def test_any_text_has_pieces_within_the_limits(text: str, before: str, after: str) -> None:
    tokens = ENCODER.tokens(InContext(text * 20, before=before * 20, after=after * 20))
    assert len(tokens.ids) == len(tokens.types) <= 128 + 32 + 24 + 4
    assert tokens.ids[0] == CLS
    assert tokens.ids[-1] == SEP
    assert set(tokens.types) <= {0, 1}
    own = [piece for piece, kind in zip(tokens.ids, tokens.types, strict=True) if kind == 0]
    assert tuple(own) == ENCODER.tokens(InContext(text * 20)).ids
    assert len(own) <= 128 + 2


def test_what_is_read_together_is_read_as_if_alone() -> None:
    together = ENCODER.read(SENTENCES)
    for n, sentence in enumerate(SENTENCES):
        alone = ENCODER.read([sentence])
        assert same(alone, Said(together.vectors[n : n + 1], together.wanted[n : n + 1], together.leaning[n : n + 1]))
    assert same(
        ENCODER.read(SENTENCES[::-1]), Said(together.vectors[::-1], together.wanted[::-1], together.leaning[::-1])
    )


def test_two_encoders_read_alike() -> None:
    assert same(ClaimEncoder().read(SENTENCES), ENCODER.read(SENTENCES))


def test_a_sentence_is_read_with_its_neighbours() -> None:
    alone, asked, denied = ENCODER.read(
        [
            InContext("They do."),
            InContext("They do.", before="Do bees sting?"),
            InContext("They do.", after="They don't."),
        ]
    ).wanted
    assert not np.allclose(alone, asked, atol=0.01)
    assert not np.allclose(alone, denied, atol=0.01)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_each_sentence_has_a_unit_vector_what_it_wants_and_a_leaning(count: int) -> None:
    said = ENCODER.read(SENTENCES[:count])
    assert said.vectors.shape == said.wanted.shape == (count, DIMENSIONS)
    assert said.leaning.shape == (count,)
    assert said.vectors.dtype == said.wanted.dtype == said.leaning.dtype == np.float32
    assert np.allclose(np.linalg.norm(said.vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize(("sentences", "claims"), [(3, 2), (0, 2), (3, 0), (0, 0)])
def test_sentences_are_held_against_claims_each_against_each(sentences: int, claims: int) -> None:
    said, about = ENCODER.read(SENTENCES[:sentences]), ENCODER.read(SENTENCES[:claims]).vectors
    logits = said.logits(about)
    assert logits.shape == (sentences, claims)
    for n in range(sentences):
        for m in range(claims):
            assert logits[n, m] == pytest.approx(float(said.wanted[n] @ about[m] + said.leaning[n]), abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(ANY, ANY, ANY)
def test_any_text_is_read(text: str, before: str, after: str) -> None:
    said = ENCODER.read([InContext(text, before=before, after=after)])
    assert np.linalg.norm(said.vectors[0]) == pytest.approx(1, abs=1e-3)
    assert np.isfinite(said.wanted).all()
    assert np.isfinite(said.leaning).all()


@pytest.mark.parametrize("piece", ["x", "word ", "\ud800", "\u0301", "\u6211", "(.", "\U0001f389", " ", "\0"])
def test_a_hundred_thousand_characters_of_anything_take_a_moment(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = perf_counter()
    said = ENCODER.read([InContext(text, before=text, after=text)])
    assert perf_counter() - started < 5
    assert np.isfinite(said.wanted).all()


def test_reading_needs_no_torch_and_onnx_runtime_only_when_something_is_read() -> None:
    program = (
        "import sys; from bot.encoder.claim_encoder import ClaimEncoder, InContext; encoder = ClaimEncoder();"
        "print('onnxruntime' in sys.modules); encoder.read([InContext('They do.')]);"
        "print(*{'onnxruntime', 'torch', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines() == ["False", "onnxruntime"]
