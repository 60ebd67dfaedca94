from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.render import elements
from bot.channels.slack.render.message import MAX_BLOCKS, MAX_CHARACTERS, characters, messages
from bot.channels.visible import visible
from tests.slack.rendering import check, contains, nasty_texts, seen, seen_of, unhurried


@unhurried
@given(nasty_texts, nasty_texts, nasty_texts)
def test_rich_text_of_any_length_is_whole_and_within_slacks_limits(label: str, quoted: str, copied: str) -> None:
    blocks = elements.rich_text(
        elements.paragraph(elements.bold(label), elements.run(quoted, "italic")),
        elements.quote(quoted),
        elements.preformatted(copied),
    )
    check(messages(blocks))
    assert all(characters(block) <= elements.MAX_TEXT for block in blocks)
    assert all(contains(seen(blocks), text) for text in (label, quoted, copied))


@unhurried
@given(nasty_texts, nasty_texts)
def test_small_blocks_are_within_slacks_limits_whatever_they_are_given(text: str, label: str) -> None:
    check(
        messages(
            (
                elements.context(text, label),
                elements.header(text),
                elements.actions(elements.button(text, "a", "v"), elements.button(label, "b", style="danger")),
                elements.feedback("feedback"),
                elements.divider(),
            )
        )
    )


@unhurried
@given(st.lists(nasty_texts, max_size=80))
def test_blocks_go_in_order_into_as_many_messages_as_they_need(texts: list[str]) -> None:
    blocks = [block for text in texts if visible(text).strip() for block in elements.text_blocks(text)]
    made = messages(blocks)
    assert [block for message in made for block in message.blocks] == blocks
    assert all(len(message.blocks) <= MAX_BLOCKS for message in made)
    assert all(characters(message.blocks) <= MAX_CHARACTERS for message in made)
    if made:
        check(made)
        assert contains(seen_of(made), "".join(text for text in texts if visible(text).strip()))


def test_a_notification_says_what_the_message_says() -> None:
    (message,) = messages(elements.text_blocks("A <b> & *c*"))
    assert message.text == "A &lt;b&gt; &amp; *c*"
    (message,) = messages(elements.text_blocks("A"), text="<!channel>")
    assert message.text == "&lt;!channel&gt;"


def test_a_notification_leaves_the_buttons_out() -> None:
    blocks = (elements.context("Here"), elements.actions(elements.button("Press", "a")), elements.feedback("feedback"))
    assert messages(blocks)[0].text == "Here"
