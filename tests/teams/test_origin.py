"""Where a message came from, as it is kept with it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.file_reference import FileReference
from bot.channels.teams.origin import Kind, Origin, Where, announced_in, read_origin

_ANY = st.text(st.characters(codec=None), max_size=12)
_FILES = st.lists(st.builds(FileReference, _ANY, _ANY, st.integers(0, 10**9)), max_size=3).map(tuple)


@given(
    st.builds(
        Origin,
        where=st.sampled_from(Where),
        service_url=_ANY,
        tenant=_ANY,
        conversation=_ANY,
        kind=st.sampled_from(["", *Kind]),
        user=_ANY,
        object_id=_ANY,
        bot=_ANY,
        activity=_ANY,
        files=_FILES,
    )
)
def test_an_origin_comes_back_as_it_was_and_its_text_is_plain(origin: Origin) -> None:
    assert read_origin(origin.text()) == origin
    assert origin.text().isascii()


def test_an_announcement_names_its_conversation_alone() -> None:
    assert read_origin(announced_in("19:x@thread.tacv2")) == Origin(Where.ANNOUNCED, conversation="19:x@thread.tacv2")


def test_the_address_of_a_file_which_lets_anybody_read_it_is_not_shown() -> None:
    origin = Origin(Where.HERE, files=(FileReference("draft.txt", "https://x.sharepoint.com/?tempauth=key"),))
    assert "tempauth" not in repr(origin)
