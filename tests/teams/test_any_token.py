"""No header that anybody thinks of lets anybody in, and none breaks the door."""

import asyncio
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.teams.doors import door
from tests.teams.forging import HEADER, part, signed
from tests.teams.key_server import KeyServer, claims, token

_SENDABLE = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\r\n")
_BASE64 = st.text(string.ascii_letters + string.digits + "-_=", max_size=200)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_CHECKED = ("iss", "aud", "serviceurl")
_HEADERS = st.one_of(
    st.text(_SENDABLE, max_size=200),
    st.text(_SENDABLE, max_size=200).map(lambda text: f"Bearer {text}"),
    st.tuples(_BASE64, _BASE64, _BASE64).map(lambda parts: "Bearer " + ".".join(parts)),
    st.tuples(_JSON, _JSON, _BASE64).map(lambda parts: f"Bearer {part(parts[0])}.{part(parts[1])}.{parts[2]}"),
    st.tuples(st.sampled_from(["alg", "crit"]), _JSON.filter(lambda value: value != "RS256")).map(
        lambda changed: f"Bearer {signed({**HEADER, changed[0]: changed[1]}, claims())}"
    ),
    st.tuples(st.sampled_from(_CHECKED), _JSON).map(
        lambda changed: f"Bearer {signed(HEADER, {**claims(), changed[0]: changed[1]})}"
    ),
    st.tuples(st.integers(0, 2), st.integers(0, 400)).map(lambda where: f"Bearer {_flipped(*where)}"),
)


def _flipped(which: int, where: int) -> str:
    """A right token with one character of one part changed, so that it says something else."""
    parts = token().split(".")
    at = where % (len(parts[which]) - 1)  # the last character holds bits that mean nothing
    other = "A" if parts[which][at] != "A" else "B"
    parts[which] = parts[which][:at] + other + parts[which][at + 1 :]
    return ".".join(parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(_HEADERS, min_size=1, max_size=40))
def test_any_header_but_a_right_one_is_refused_and_nothing_breaks(headers: list[str]) -> None:
    async def refused() -> None:
        async with KeyServer() as server, door(server) as ours:
            for header in headers:
                assert await ours.status(authorization=header or " ") == 401, header
            assert ours.handler.heard == []
            assert server.asked.total() <= 2
            assert await ours.status() == 200

    asyncio.run(refused())
