import pytest

from bot.files.reading import read_file
from tests.files.making import refusal


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<title>no</title><h1>Roof</h1><p>Hi&nbsp;Ann,<p>one\n two", "Roof\n\nHi Ann,\n\none two"),
        ("<p>W<span>or</span>d, <a href='http://x'>a link</a>.<!-- no --> €</p>", "Word, a link. €"),
        (
            "<ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "one\ntwo\n\na b\nc",
        ),
        ("<div>one<o:p></o:p></div><!--[if mso]>no<![endif]--><div>two</div>", "one\ntwo"),
        ("1 < 2 & 3", "1 < 2 & 3"),
    ],
)
async def test_html_is_read_as_its_reader_sees_it(html: str, text: str) -> None:
    assert await read_file("a.html", html.encode()) == text


async def test_html_that_is_nested_too_deep_is_refused_rather_than_cut() -> None:
    nested = "<p>first</p>{}in{}<p>last</p>"
    assert (await read_file("a.htm", nested.format("<div>" * 1000, "</div>" * 1000).encode())).endswith("last")
    assert "too much" in await refusal("a.htm", nested.format("<div>" * 100_000, "</div>" * 100_000).encode())
