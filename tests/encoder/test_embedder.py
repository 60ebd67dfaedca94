import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoder.embedder import DIMENSIONS, Embedder, printable

EMBEDDER = Embedder()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_any_text_gives_a_unit_vector_in_its_place(texts: list[str]) -> None:
    vectors = EMBEDDER.embed(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_a_text_means_the_same_alone_and_in_a_batch() -> None:
    texts = ["Bees swarm in May.", "a", "A much longer sentence about the price of honey in a wet year, and why."] * 20
    together = EMBEDDER.embed(texts)
    alone = EMBEDDER.embed([texts[0]])[0]
    assert float(together[0] @ alone) > 0.98


def test_like_meanings_are_near_and_unlike_ones_are_not() -> None:
    honey, also_honey, trains = EMBEDDER.embed(["Honey ferments.", "Fermentation of honey", "Trains run on time."])
    assert float(honey @ also_honey) > 0.6 > 0.3 > float(honey @ trains)


def test_nothing_gives_nothing() -> None:
    assert EMBEDDER.embed([]).shape == (0, DIMENSIONS)


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    assert printable("a\ud800b\udc00") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
