import asyncio
import io
import logging
import threading
import warnings
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.core.messages import Incoming, Meant
from bot.core.observing import Observers
from bot.core.replies import Event, Refused
from bot.core.worker import MAX_FAILURES
from bot.observing.logs import set_up_logs
from bot.observing.message_log import MessageLog
from tests.fakes import small_app
from tests.observing.conftest import Logged
from tests.worker.working import CHANNEL, Postbox, at_work

SECRET = "marmalade"  # noqa: S105 - a word to look for


@pytest.fixture
def observers(logged: Logged) -> Observers:
    assert logged.text == ""
    observers = Observers()
    observers.join(MessageLog())
    return observers


def said(id_: str, text: str, meant: Meant = Meant.QUESTION) -> Incoming:
    return Incoming(id=id_, person="slack:T1/U77", thread=id_, text=text, channel=CHANNEL, meant=meant)


async def test_a_message_is_one_line_with_ids_and_times_and_no_word_of_it(
    tmp_path: Path, logged: Logged, observers: Observers
) -> None:
    app = small_app(tmp_path)
    postbox = Postbox()
    await app.open()
    draft = f"Hello {SECRET},\n\nroofs last for ever. Bye."
    for message in (said("q", f"gutters {SECRET}?"), said("d", draft, Meant.DRAFT), said("h", "help", Meant.COMMAND)):
        await app.store.inbox.put(message)
    async with at_work(app.store.inbox, app.coach.handle, postbox, observer=observers):
        await postbox.until(lambda: len(postbox.over) == 3)
    await app.close()
    by_id = {entry["id"]: entry for entry in logged.messages()}
    assert {id_: entry["reply"] for id_, entry in by_id.items()} == {"q": "answer", "d": "review", "h": "help"}
    assert all(entry["ending"] == "answered" and entry["level"] == "info" for entry in by_id.values())
    assert by_id["q"]["engine"] == "lessons"
    assert len(logged.messages()) == 3
    assert SECRET not in logged.text
    assert "U77" not in logged.text


async def test_a_failure_is_told_by_kind_and_place_and_in_the_end_as_an_error(
    tmp_path: Path, logged: Logged, observers: Observers
) -> None:
    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        raise ValueError(incoming.text)
        yield Refused("never")

    app = small_app(tmp_path)
    postbox = Postbox()
    await app.open()
    await app.store.inbox.put(said("q", SECRET))
    async with at_work(app.store.inbox, handle, postbox, observer=observers):
        await postbox.until(lambda: len(postbox.over) == MAX_FAILURES)
    await app.close()
    levels = [entry["level"] for entry in logged.messages()]
    assert levels == ["warning"] * (MAX_FAILURES - 1) + ["error"]
    assert all(str(entry["reason"]).startswith("ValueError") for entry in logged.messages())
    assert SECRET not in logged.text


def test_an_exceptions_words_never_come_with_it(logged: Logged) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
        logging.getLogger("bot.anything").warning("failed", exc_info=True)
    assert [entry["error"] for entry in logged.entries] == ["KeyError"] * 2
    assert SECRET not in logged.text


async def test_a_task_that_nobody_waited_for_is_told_without_its_exceptions_words(logged: Logged) -> None:
    async def fail() -> None:
        raise ValueError(SECRET)

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    told = {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    asyncio.get_running_loop().default_exception_handler(told)
    assert logged.entries[0]["event"] == "Task exception was never retrieved"
    assert SECRET not in logged.text


async def test_a_callback_that_failed_is_told_without_what_it_was_given(logged: Logged) -> None:
    def fail(text: str) -> None:
        raise ValueError(text)

    loop, done = asyncio.get_running_loop(), asyncio.Event()
    loop.call_soon(fail, SECRET)
    loop.call_soon(done.set)
    await done.wait()
    (entry,) = logged.entries
    assert str(entry["event"]).startswith("Exception in callback test_a_callback_that_failed")
    assert str(entry["error"]).startswith("ValueError")
    assert SECRET not in logged.text


def test_an_exceptions_words_that_a_library_writes_into_its_line_are_its_kind(logged: Logged) -> None:
    log = logging.getLogger("slack_sdk.socket_mode")
    try:
        raise ValueError(f"{SECRET} and {SECRET}")
    except ValueError as error:
        log.exception(f"Failed to process a message: {error}, session: s_1")
        log.error("Failed to receive: %s, %s", type(error).__name__, error)
    assert [entry["event"] for entry in logged.entries] == [
        "Failed to process a message: ValueError, session: s_1",
        "Failed to receive: ValueError, ValueError",
    ]


def test_what_nobody_can_catch_is_told_without_its_words(logged: Logged) -> None:
    class Failing:
        def __del__(self) -> None:
            raise ValueError(SECRET)

    def fail() -> None:
        raise ValueError(SECRET)

    Failing()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [entry["event"] for entry in logged.entries] == ["an exception was passed over", "a thread failed"]
    assert all(str(entry["error"]).startswith("ValueError") for entry in logged.entries)
    assert SECRET not in logged.text


def test_a_warning_of_pythons_is_an_entry(logged: Logged) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("this goes away", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    (entry,) = logged.entries
    assert entry["logger"] == "py.warnings"
    assert str(entry["event"]).endswith("DeprecationWarning: this goes away")


def test_an_entry_that_cannot_be_written_is_told_without_its_words(
    logged: Logged, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, *_ = logging.getLogger().handlers  # beside it are pytest's own
    wrong = {"name": "slack_sdk", "msg": "%d messages", "args": (SECRET,), "levelno": logging.WARNING}
    ours.handle(logging.makeLogRecord(wrong))
    (entry,) = logged.entries
    assert (entry["event"], entry["logger"]) == ("an entry could not be written: TypeError", "slack_sdk")
    assert SECRET not in logged.text
    assert capsys.readouterr() == ("", "")


def test_libraries_are_quiet_below_a_warning_whatever_the_level(
    logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("slack_sdk.web.base", "httpx2", "anthropic._base_client", "msal.application", "botany"):
        caplog.set_level(logging.DEBUG, logger=name)
        logging.getLogger(name).debug("sending %s", SECRET)
        logging.getLogger(name).warning("retrying")
    assert [entry["event"] for entry in logged.entries] == ["retrying"] * 5


def test_an_entry_stays_on_its_line(logged: Logged) -> None:
    logging.getLogger("bot.anything").warning("message %s failed", "a\nforged entry\x1b[31m\u2028")
    (entry,) = logged.entries
    assert entry["event"] == "message a\\nforged entry\\x1b[31m\\u2028 failed"


@pytest.mark.parametrize(("level", "told"), [("error", ["error"]), ("warning", ["warning", "error"])])
def test_what_is_below_the_level_is_left_out(logged: Logged, level: str, told: list[str]) -> None:
    stream = io.StringIO()
    set_up_logs("error" if level == "error" else "warning", "json", stream=stream)
    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger("bot.anything"), name)(name)
    assert [entry["event"] for entry in Logged(stream).entries] == told
    assert logged.text == ""


def test_as_text_an_exception_stays_on_the_line_of_its_entry(logged: Logged) -> None:
    stream = io.StringIO()
    set_up_logs("info", "text", stream=stream)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("bot.anything").exception("failed")
    assert stream.getvalue().count("\n") == 1
    assert "ValueError" in stream.getvalue()
    assert SECRET not in stream.getvalue() + logged.text


def test_as_text_an_entry_is_a_line_without_colours_where_there_is_no_terminal(logged: Logged) -> None:
    stream = io.StringIO()
    set_up_logs("info", "text", stream=stream)
    logging.getLogger("bot.anything").warning("the store is away")
    assert "the store is away" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().count("\n") == 1
    assert logged.text == ""


def test_a_librarys_line_has_no_words_of_an_exception_however_it_holds_them(logged: Logged) -> None:
    log = logging.getLogger("some.library")
    given = ValueError(f"{SECRET}\nand more")
    log.warning("failed later: %s, %r", given, given)
    try:
        try:
            raise ValueError(f"two\n{SECRET}")
        except ValueError as cause:
            raise OSError("outer") from cause
    except OSError as error:
        log.warning("because of %r: %s", error.__cause__, error.__cause__)
    assert [entry["event"] for entry in logged.entries] == [
        "failed later: ValueError, 'ValueError'",
        "because of 'ValueError': ValueError",
    ]
