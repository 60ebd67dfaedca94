"""Splits running text into sentences, with their places."""

from collections.abc import Iterator


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yields each sentence without the white space around it, with its offset in `text`.

    The splitting is nupunkt's (Punkt with trained abbreviations: "Dr.", "et al.", "e.g." do not end a sentence).
    """
    if not text.strip():
        return
    from nupunkt import sent_spans

    for start, end in sent_spans(text):
        sentence = text[start:end]
        if stripped := sentence.strip():
            yield start + sentence.index(stripped[0]), stripped
