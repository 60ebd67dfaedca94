"""Checks run side by side, each for its time; whatever one does, the others are told."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.beside import beside
from bot.doctor.examining import Check, Look, Once, examine
from bot.doctor.finding import Finding, State

SECRET = "hush-hush"  # noqa: S105 - what an error's words may hold


def finding(subject: str) -> Finding:
    return Finding(subject, State.OK, "is well")


def check(subject: str, look: Look) -> Check:
    return Check(subject, lambda: look)


def well(subject: str) -> Check:
    async def look() -> Sequence[Finding]:
        return [finding(subject)]

    return check(subject, look)


async def test_checks_run_at_the_same_time_and_are_told_in_their_order() -> None:
    second_ran = asyncio.Event()

    async def first() -> Sequence[Finding]:
        await second_ran.wait()
        return [finding("first"), finding("first")]

    async def second() -> Sequence[Finding]:
        second_ran.set()
        return [finding("second")]

    found = await examine([check("first", first), check("second", second)])
    assert [each.subject for each in found] == ["first", "first", "second"]


@pytest.mark.parametrize("error", [ValueError(SECRET), OSError(2, SECRET, SECRET), KeyError(SECRET), AssertionError()])
async def test_what_a_check_raises_becomes_one_line_without_its_words(error: Exception) -> None:
    async def raises() -> Sequence[Finding]:
        raise error

    def does_not_load() -> Look:
        raise error

    found = await examine([check("one", raises), Check("two", does_not_load), well("three")])
    assert [(each.subject, each.state) for each in found] == [
        ("one", State.PROBLEM),
        ("two", State.PROBLEM),
        ("three", State.OK),
    ]
    for each in found[:2]:
        assert each.says == f"this could not be looked at: {type(error).__name__}"
        assert SECRET not in each.says + each.mend


async def test_a_check_that_does_not_end_is_told_after_its_time() -> None:
    async def hangs() -> Sequence[Finding]:
        await asyncio.Event().wait()
        return []

    found = await examine([check("slow", hangs), well("quick")], seconds=0.05)
    assert [each.says for each in found] == ["there was no answer within 0.05 seconds", "is well"]


async def test_work_that_blocks_holds_up_neither_the_others_nor_the_end() -> None:
    may_end, has_ended = threading.Event(), threading.Event()

    def block() -> None:
        may_end.wait()
        has_ended.set()

    async def blocks() -> Sequence[Finding]:
        await beside(block)
        return []

    found = await examine([check("blocked", blocks), well("quick")], seconds=0.05)
    assert [each.state for each in found] == [State.PROBLEM, State.OK]
    assert not has_ended.is_set()
    may_end.set()


async def test_what_a_thread_raises_is_raised_and_what_it_gives_is_given() -> None:
    assert await beside(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await beside(lambda: 1 // 0)


async def test_what_several_want_to_know_is_found_out_once_though_one_of_them_gives_up() -> None:
    asked, may_end = [], asyncio.Event()

    async def find() -> int:
        asked.append(1)
        await may_end.wait()
        return 7

    once = Once(find)
    gone, stays = asyncio.create_task(once()), asyncio.create_task(once())
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    may_end.set()
    assert (await stays, await once(), len(asked)) == (7, 7, 1)
