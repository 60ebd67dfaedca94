import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.terminal.reading import bounded_lines
from bot.commands.batch import LineError, parse_record, process

Ids = st.none() | st.text() | st.integers()


class Lines(io.RawIOBase):
    """A stream of many lines that are made when they are read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stubs ask for any writable buffer
        line = next(self._lines, b"")
        buffer[: len(line)] = line
        return len(line)


def answer(text: str) -> dict[str, object]:
    return {"error": "refused"} if text == "refuse" else {"id": "the reply's own", "answer": text.upper()}


@pytest.fixture
def batch(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[[bytes], tuple[int, list[object], str]]:
    def run(raw: bytes) -> tuple[int, list[object], str]:
        path = tmp_path / "in.jsonl"
        path.write_bytes(raw)
        status = process(str(path), field="question", reply=answer)
        out, err = capfdbinary.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], err.decode()

    return run


def test_each_line_has_its_answer_in_order(batch: Callable[[bytes], tuple[int, list[object], str]]) -> None:
    status, lines, err = batch(b'\xef\xbb\xbf{"id":"a","question":"x"}\r\n\n{"id":2,"question":"y"}')
    assert (status, err) == (0, "")
    assert lines == [{"id": "a", "answer": "X"}, {"id": 2, "answer": "Y"}]


def test_a_bad_line_gives_its_error_in_its_place(batch: Callable[[bytes], tuple[int, list[object], str]]) -> None:
    raw = [
        b"{",
        b'{"id": "a", "question": "x"}',
        b"\xff",
        b"[1]",
        b'{"id": "b"}',
        b'{"id": "c", "question": 3}',
        b'{"id": [1], "question": "x"}',
        b'{"id": NaN, "question": "x"}',
        b'{"id": 1e999, "question": "x"}',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5_000 + b', "question": "x"}',
        b'{"id": "d", "question": "refuse"}',
        b'{"id": "e", "question": "x"}',
    ]
    status, lines, err = batch(b"\n".join(raw))
    assert status == 2
    assert err == "coach: 11 of 13 lines could not be processed; each has its error in its place\n"
    assert [line["id"] for line in lines if isinstance(line, dict)] == [
        None, "a", None, None, "b", "c", None, None, None, None, None, "d", "e",
    ]  # fmt: skip
    for number, line in enumerate(lines, 1):
        assert isinstance(line, dict)
        assert ("answer" in line) is (number in (2, 13))
        assert "answer" in line or line["error"].startswith(f"line {number}: ")


@given(Ids, st.text(st.characters(exclude_categories=())))
def test_any_id_and_text_come_through(id_: str | int | None, text: str) -> None:
    record = parse_record(json.dumps({"id": id_, "text": text}).encode(), field="text")
    assert (record.id, record.text) == (id_, text)


@given(st.binary())
def test_bytes_that_are_no_record_are_a_line_error(raw: bytes) -> None:
    with pytest.raises(LineError) as caught:
        parse_record(raw, field="text")
    assert "\n" not in str(caught.value)


def test_a_line_over_the_limit_is_skipped_whole() -> None:
    stream = io.BytesIO(b"ab\n" + b"x" * 100_000 + b"\ncd\n" + b"y" * 5)
    assert list(bounded_lines(stream, limit=4)) == [b"ab\n", None, b"cd\n", None]


def test_a_line_of_just_the_limit_is_taken() -> None:
    assert list(bounded_lines(io.BytesIO(b"abc\nabcd\nabcd"), limit=4)) == [b"abc\n", b"abcd\n", b"abcd"]


def test_memory_does_not_depend_on_the_number_of_lines() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        stream = io.BufferedReader(Lines(b'{"id":1,"question":"x"}\n' for _ in range(count)), 100)
        assert sum(line is not None for line in bounded_lines(stream, limit=1_000)) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20_000) < 2 * peak(200)
