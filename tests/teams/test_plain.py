"""What a person typed, from a message's text and from its HTML."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.teams.mentions import Mentions, mentions_of
from bot.channels.teams.plain import from_html, typed
from tests.teams.activities import ANN, APP, BOT, MENTION, group, personal, with_html

LONG = 200_000
SECONDS = 2.0
SPAN = '<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="{}">{}</span>'
OURS = SPAN.format(0, "Field Coach")
HERS = SPAN.format(1, "Ann Lee")


def text_of(activity: dict[str, Any]) -> str:
    return typed(activity, mentions_of(activity, {BOT, APP}))


def said(text: str, *entities: dict[str, Any]) -> str:
    return text_of(group(text, entities=list(entities)))


def seen(html: str, *entities: dict[str, Any]) -> str:
    return text_of(with_html(group("lost", entities=list(entities)), html))


@pytest.mark.parametrize(
    "text",
    [
        "why?",
        "a\n\nb  c\t",
        "  it costs < $5 & <b> is bold\n",
        "\u201csmart\u201d \u2013 it\u2019s",
        "&lt;at&gt;",
        "a\r\nb",
        "👩‍👩‍👧 \u0646\u200c\u0645",
    ],
)
def test_a_plain_message_stays_as_it_is(text: str) -> None:
    assert text_of(personal(text)) == text


def test_hard_spaces_and_characters_without_width_are_none_that_anybody_typed() -> None:
    assert text_of(personal("\ufeffis\u200b it\xa0so,&nbsp;now?")) == "is it so, now?"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("<at>Field Coach</at> why?\n", "why?\n"),
        ("<at>Field Coach</at>&nbsp;why?", "why?"),
        ("<at>Field Coach</at>\xa0why?", "why?"),
        ("<at>Field Coach</at>, why?", "why?"),
        ("why? <at>Field Coach</at>", "why?"),
        ("why, <at>Field Coach</at>?", "why?"),
        ("so <at>Field Coach</at> why is that?", "so why is that?"),
        ("<at>Field Coach</at> <at>Field Coach</at> why?", "why?"),
        ("Hi\n<at>Field Coach</at> why?", "Hi\nwhy?"),
        ("<at>Field Coach</at>", ""),
        ("<at>Field Coach</at> review\nHi <at>Ann Lee</at>,\nit costs < $5", "review\nHi @Ann Lee,\nit costs < $5"),
    ],
)
def test_the_mention_of_the_coach_is_taken_off_wherever_it_stands(text: str, typed: str) -> None:
    assert said(text, MENTION, MENTION, ANN) == typed


@pytest.mark.parametrize(
    "name", ["Coach (Field) [v2]", "R&amp;D .*", "</at>", "a</at>b", "<at>", "<b>x</b>", "  ", "Ann\nLee", "\\1", "@"]
)
def test_a_name_may_hold_anything(name: str) -> None:
    mention = {"type": "mention", "mentioned": {"id": BOT, "name": name}, "text": f"<at>{name}</at>"}
    assert said(f"<at>{name}</at> why?", mention) == "why?"
    assert said(f"is it so, <at>{name}</at>?", mention) == "is it so?"


def test_a_name_that_goes_on_where_another_ends_is_taken_whole() -> None:
    longer = {**MENTION, "text": "<at>Ann</at> Lee</at>"}
    shorter = {**ANN, "text": "<at>Ann</at>"}
    for entities in ((longer, shorter), (shorter, longer)):
        assert said("<at>Ann</at> Lee</at> met <at>Ann</at>", *entities) == "met @Ann"


def test_of_two_of_one_name_each_is_who_the_messages_list_says_in_its_order() -> None:
    namesake = {**MENTION, "mentioned": {"id": "29:namesake", "name": "Field Coach"}}
    text = "<at>Field Coach</at> met <at>Field Coach</at> here"
    assert said(text, MENTION, namesake) == "met @Field Coach here"
    assert said(text, namesake, MENTION) == "@Field Coach met here"
    html = f"<p>{OURS} met {OURS} here</p>"
    assert seen(html, MENTION, namesake) == "met @Field Coach here"
    assert seen(html, namesake, MENTION) == "@Field Coach met here"


def test_what_nobody_is_mentioned_by_is_a_name_all_the_same() -> None:
    assert said("ask <at>Bob</at> or <at id='3'>Eve</at>") == "ask @Bob or @Eve"


def test_a_reply_does_not_hold_what_it_replies_to() -> None:
    assert said('<quoted messageId="1"/>\nwhy?') == "why?"
    quote = (
        '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="1600457867820">\n'
        '<strong itemprop="mri" itemid="8:orgid:1">Ann</strong><span itemprop="time" itemid="1"></span>\n'
        '<p itemprop="preview">It never leaks.</p>\n</blockquote>'
    )
    assert seen(f"<div>\n{quote}\n<p>is that so?</p>\n</div>") == "is that so?"


@pytest.mark.parametrize(
    ("html", "typed"),
    [
        ("<p>Hi Dana,</p>\n<p>&nbsp;</p>\n<p>It <b>nev</b>er leaks.</p>\n<p>Best,<br>\nAnn</p>",
         "Hi Dana,\n\nIt never leaks.\nBest,\nAnn"),
        ("<div><div><div>This</div><div>is</div><div><br></div><div>a</div></div></div>", "This\nis\n\na"),
        ('<div>\r\n<div itemprop="copy-paste-block">\n\r\n<div style="font-size:14px"><b>bold</b></div>\n</div>'
         "\n</div>", "bold"),
        ("<p>a</p><p></p><p>\u200b</p><p>b<br></p><p>c</p>", "a\n\nb\nc"),
        ("<p>one &nbsp;two&nbsp;</p>", "one  two"),
        ("<p>why:</p><ul><li>one</li><li>two<ol start='3'><li>x<br>y</li><li><p>z</p></li></ol></li></ul><p>so</p>",
         "why:\n- one\n- two\n  3. x\n     y\n  4. z\nso"),
        ("<p>he said</p><blockquote><p>it</p><p>&nbsp;</p><p>leaks</p></blockquote><p>no</p>",
         "he said\n> it\n>\n> leaks\nno"),
        ('<blockquote itemtype="http://schema.skype.com/Forward"><p>a</p></blockquote>b', "a\nb"),
        ("<pre><code>a  b\n\n  c</code></pre>d", "a  b\n\n  c\nd"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
        ('<p>see <a href="https://acme.com/">acme.com</a> or <a href="https://x.y">our <b>site</b></a></p>',
         "see acme.com or our site (https://x.y)"),
        ('<p>so <span title="Grin"><img alt="😄" itemtype="http://schema.skype.com/Emoji"></span>'
         '<emoji id="1f44d" alt="👍"></emoji><img src="x" alt="image"></p>', "so 😄👍"),
        ("<p>it costs &lt; $5 &amp;amp; &amp;nbsp; more</p>", "it costs < $5 &amp; &nbsp; more"),
        ("<style>p {}</style><script>x</script><!-- no --><p>yes</p>", "yes"),
        ("a <u>b</u><i>c</i>", "a bc"),
    ],
)  # fmt: skip
def test_html_gives_the_lines_that_the_text_has_lost(html: str, typed: str) -> None:
    assert seen(html) == typed


@pytest.mark.parametrize(
    ("html", "typed"),
    [
        (f"<p>{OURS}&nbsp;why?</p>", "why?"),
        (f"<div><div>{OURS} why?</div>\n</div>", "why?"),
        (f"<p>{OURS}</p><p>review</p><p>Hi {HERS},</p><p>it leaks.</p>", "review\nHi @Ann Lee,\nit leaks."),
        ("<p>is it so, <at id='0'>Field <b>Coach</b></at>?</p>", "is it so?"),
        (f"<p>{HERS}: why, {OURS}?</p>", "@Ann Lee: why?"),
    ],
)
def test_mentions_in_html_are_who_the_message_says(html: str, typed: str) -> None:
    assert seen(html, MENTION, ANN) == typed


def test_html_that_is_nested_deeper_than_people_do_is_read() -> None:
    assert seen("<div>" * 800 + "deep") == "deep"


def test_halves_of_characters_do_not_go_on() -> None:
    assert text_of(personal("a\ud83db\U0001f600")) == "a\ufffdb\U0001f600"
    assert seen("<p>a\ud83db</p>") == "a\ufffdb"


def test_where_the_html_has_no_words_or_cannot_be_read_whole_the_text_is_taken() -> None:
    for html in ('<p><attachment id="1"></attachment></p>', "", "<div>" * 3000 + "deep", "<p>&nbsp;</p>"):
        assert text_of(with_html(personal("why?"), html)) == "why?"
    for attachment in ({"contentType": "text/html"}, {"contentType": "text/html", "content": {"a": 1}}):
        assert text_of(personal("why?", attachments=[attachment])) == "why?"
    assert from_html("<b>" * 3000, Mentions()) is None


def test_the_characters_that_stand_for_a_mention_here_are_nobodys() -> None:
    assert text_of(personal("a\ufdd0b\x00c")) == "abc"
    assert seen("<p>a\ufdd0b&#xfdd0;c</p>").replace(" ", "") == "abc"


@pytest.mark.parametrize(
    "unit",
    [
        "<at>",
        "<at>Field Coach</at>",
        "</at>",
        "<quoted ",
        "<p>",
        "<ul><li>",
        "<i>x</i>",
        "<td>",
        "&nbsp;",
        "<br>",
        "x ",
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (LONG // len(unit))
    entities = [MENTION, *({**ANN, "text": f"<at>{number}</at>"} for number in range(200))]
    began = time.process_time()
    said(text, *entities)
    seen(text, *entities)
    assert time.process_time() - began < SECONDS


_LINES = st.lists(st.text("ab c<&'\"é😄", min_size=1).map(str.strip).filter(bool), min_size=1)


@given(_LINES)
def test_lines_come_back_from_html_as_they_were_typed(lines: list[str]) -> None:
    escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
    expected = "\n".join(" ".join(line.split(" ")) for line in lines)
    hard = [line.replace("  ", " \xa0").replace("  ", " \xa0") for line in escaped]
    assert seen("".join(f"<p>{line}</p>" for line in hard)) == expected
    assert seen("<br>".join(hard)) == expected


@given(st.text(), st.text())
def test_any_text_and_any_html_is_read(text: str, html: str) -> None:
    assert isinstance(said(text, MENTION), str)
    assert isinstance(seen(html, MENTION), str)
