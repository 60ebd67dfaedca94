"""The loopback Teams reads Markdown as the real one shows it."""

import pytest

from tests.teams.loopback.markdown import links, plain


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("**bold** _italic_ ~~gone~~ `co*de*`", "bold italic gone co*de*"),
        ("one\ntwo", "one two"),
        ("one\n\ntwo", "one\ntwo"),
        ("one  \ntwo\\\nthree<br>four", "one\ntwo\nthree\nfour"),
        ("- a\n- b\n\n1. c\n2. d", "• a\n• b\n1. c\n2. d"),
        ("> said\n\n# Title", "said\nTitle"),
        ("[here](https://example.com)", "here"),
        (r"\*not bold\* \[x\]", "*not bold* [x]"),
        ("1 &lt; 2 &amp; &#42;", "1 < 2 & *"),
        ("an <at>Ana</at> <script>x</script> tag", "an Ana x tag"),
        ("<b>all</b>\nof it", "all of it"),
        ("<div>block</div>", "block"),
        ("```\na *b*\n```", "a *b*"),
        ("| a | b |\n|---|---|\n| c | d |", "a | b\nc | d"),
    ],
)
def test_marks_go_and_words_stay(text: str, seen: str) -> None:
    assert plain(text) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("**bold** <b>x</b>", "bold <b>x</b>"),
        ("# no title", "# no title"),
        ("- a\n- b", "• a\n• b"),
        ("a_b_c", "a_b_c"),
    ],
)
def test_a_card_knows_less(text: str, seen: str) -> None:
    assert plain(text, in_card=True) == seen


def test_links_are_found_wherever_they_are() -> None:
    text = 'a [x](https://a.example) ![y](https://b.example) <a href="https://c.example">z</a>'
    assert links(f"{text}\n\n<div><a href='https://d.example'>z</a></div>") == [
        f"https://{each}.example" for each in "abcd"
    ]
