"""An address as it may be shown."""

import pytest

from bot.core.state import StoreAwayError
from bot.stores.redis.address import read_address
from bot.stores.redis.keys import Keys


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("redis://cache:7000/3", "redis at cache:7000"),
        ("redis://cache", "redis at cache:6379"),
        ("rediss://coach:hunter2@cache.example.com:6380/0?x=y", "redis at cache.example.com:6380"),
        ("redis://:hunter2@[::1]:6380", "redis at [::1]:6380"),
        ("unix://coach:hunter2@/run/redis.sock?db=1", "redis at /run/redis.sock"),
    ],
)
def test_a_server_is_named_by_host_and_port(url: str, name: str) -> None:
    assert read_address(url).name == name


@pytest.mark.parametrize(
    "url", ["", "cache:6379", "http://cache", "redis://", "redis://:hunter2#x@cache", "redis://:hunter2/x@cache:1"]
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreAwayError, match="write redis://host:6379/0") as caught:
        read_address(url)
    assert "hunter2" not in str(caught.value)


def test_a_reason_is_one_line_without_the_password() -> None:
    address = read_address("redis://:hunter%212@cache")
    assert address.line("bad login\n 'hunter!2'") == "redis at cache:6379: bad login '***'"


def test_ids_cannot_break_the_hash_tag() -> None:
    keys = Keys("coach")
    assert keys.thread("a}{b", "turns") == "coach:{thread:a%7D%7Bb}:turns"
    assert keys.person("\ud800 é", "threads") == "coach:{person:%ED%A0%80%20%C3%A9}:threads"
    with pytest.raises(ValueError, match="brace"):
        Keys("{coach}")
