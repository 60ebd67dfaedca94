import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.plain import addressed, plain, without_address

BOT = "UBOT"
LONG = 200_000
SECONDS = 2.0
"""Many times what a text of that length takes; what is not linear takes minutes."""


def escaped(text: str) -> str:
    """As Slack hands over what a person types."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.text())
def test_what_a_person_typed_comes_back_as_it_was(text: str) -> None:
    assert plain(escaped(text)) == text


@given(st.lists(st.sampled_from(["&", "amp;", "lt;", "gt;", "<", ">", "|", "@U1", "!here", "http://x"])).map("".join))
def test_typed_marks_of_slacks_own_stay_what_was_typed(text: str) -> None:
    assert plain(escaped(text)) == text


@pytest.mark.parametrize(
    ("handed_over", "typed"),
    [
        ("see <http://acme.com|acme.com>.", "see acme.com."),
        ("<http://acme.com/|Acme.com>", "Acme.com"),
        ("<https://acme.com/a?b=1&amp;c=2|acme.com/a?b=1&amp;c=2>", "acme.com/a?b=1&c=2"),
        ("<https://x.y/z>", "https://x.y/z"),
        ("<https://x.y/z?a=1&amp;b=2>", "https://x.y/z?a=1&b=2"),
        ("<https://x.y/z|https://x.y/z>", "https://x.y/z"),
        ("<https://x.y|our site>", "our site (https://x.y)"),
        ("<https://evil.example|acme.com>", "acme.com (https://evil.example)"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("<mailto:a@b.c>", "a@b.c"),
        ("<mailto:a@b.c|Ann>", "Ann (a@b.c)"),
        ("<tel:+4312345|+43 12345>", "+43 12345"),
        ("<tel:+4312345>", "+4312345"),
        ("<#C1|general>", "#general"),
        ("<#C1>", "#C1"),
        ("<#C1|>", "#C1"),
        ("<@U2>", "@U2"),
        ("<@U2|ann>", "@ann"),
        ("<@U2|@ann>", "@ann"),
        ("<!here>", "@here"),
        ("<!here|here>", "@here"),
        ("<!channel>", "@channel"),
        ("<!subteam^S1|@team>", "@team"),
        ("<!subteam^S1>", "@S1"),
        ("<!date^1392734382^{date} at {time}|Feb 18, 2014>", "Feb 18, 2014"),
        ("&amp;lt;", "&lt;"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("", ""),
        ("a\n\nb  c\t", "a\n\nb  c\t"),
    ],
)
def test_each_mark_of_slacks_own_becomes_what_was_typed(handed_over: str, typed: str) -> None:
    assert plain(handed_over) == typed


@pytest.mark.parametrize("unit", ["<", "<@", "<a|", "<>", "&amp;", "<http://", "|", " ", "<@UBOT>", "<@UBOT|", ", "])
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (LONG // len(unit))
    began = time.process_time()
    plain(text)
    addressed(text, BOT)
    without_address(text, BOT)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    ("handed_over", "typed"),
    [
        ("<@UBOT> why?", "why?"),
        ("<@UBOT>, why?", "why?"),
        ("<@UBOT>: why?", "why?"),
        ("  <@UBOT>\nwhy?", "why?"),
        ("<@UBOT|coach> why?", "why?"),
        ("<@UBOT> <@UBOT> why?", "why?"),
        ("why? <@UBOT>", "why?"),
        ("why, <@UBOT>?", "why?"),
        ("why <@UBOT> ?", "why ?"),
        ("Hi <@UBOT>, why?", "Hi, why?"),
        ("Hi, <@UBOT>, why?", "Hi, why?"),
        ("can you <@UBOT> say why?", "can you say why?"),
        ("a<@UBOT>b", "a b"),
        ("Hi\n<@UBOT> why?", "Hi\nwhy?"),
        ("<@UBOT>", ""),
        ("<@UBOT> review Hi <@U2|ann>,\n  it costs &lt; $5\n", "review Hi @ann,\n  it costs < $5\n"),
        ("<@UBOT> review :)", "review :)"),
    ],
)
def test_the_mention_of_the_coach_is_taken_off_and_nothing_else(handed_over: str, typed: str) -> None:
    assert addressed(handed_over, BOT)
    assert without_address(handed_over, BOT) == typed


@pytest.mark.parametrize("text", ["why?", "<@UBOTTLE> why?", "<@U2> why?", "@UBOT", "&lt;@UBOT&gt;", "<#UBOT>"])
def test_only_a_mention_of_the_coach_addresses_it(text: str) -> None:
    assert not addressed(text, BOT)
    assert without_address(text, BOT) == plain(text)
