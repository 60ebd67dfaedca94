"""Messages, turns and text as they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import Attachment, Incoming, Meant, Turn
from bot.stores.encoding import UnreadableError, incoming_json, packed, read_incoming, read_turn, turn_json, unpacked

anything = st.text(st.characters(exclude_categories=()), max_size=20)
position = st.none() | st.integers(1, 10**6)
attachments = st.lists(st.builds(Attachment, name=anything, text=anything), max_size=2).map(tuple)
messages = st.builds(
    Incoming,
    id=anything,
    person=anything,
    thread=anything,
    text=anything,
    files=attachments,
    channel=anything,
    meant=st.sampled_from(Meant),
    confirmed=position,
    origin=anything,
)
turns = st.builds(
    Turn,
    id=anything,
    person=anything,
    question=anything,
    answer=anything,
    covered=st.booleans(),
    prompt_version=position,
    reaction=st.sampled_from([None, "up", "down"]),
)


@given(messages)
def test_a_message_is_read_as_it_was_written(message: Incoming) -> None:
    written = incoming_json(message)
    assert written.isascii()
    assert read_incoming(written) == read_incoming(written.encode()) == message


@given(turns)
def test_a_turn_is_read_as_it_was_written(turn: Turn) -> None:
    assert read_turn(turn_json(turn)) == turn


@given(anything)
def test_text_is_unpacked_as_it_was_packed(text: str) -> None:
    assert unpacked(packed(text)) == text


def test_a_field_that_a_newer_program_wrote_is_passed_over() -> None:
    written = '{"id": "1", "person": "p", "thread": "t", "text": "x", "mood": "sunny"}'
    assert read_incoming(written) == Incoming(id="1", person="p", thread="t", text="x")


def test_a_message_written_before_messages_had_an_origin_has_none() -> None:
    written = (
        '{"id": "1", "person": "p", "thread": "t", "text": "x", "files": [], "channel": "web", "meant": "command",'
        ' "confirmed": null}'
    )
    assert read_incoming(written) == Incoming(id="1", person="p", thread="t", text="x", channel="web", origin="")


@pytest.mark.parametrize("written", ["", "{", "[]", "{}", "null", '{"id": 1, "person": "secret"}'])
def test_what_is_no_message_is_unreadable_and_its_text_is_not_told(written: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_incoming(written)
    assert "secret" not in str(caught.value)
