import hashlib
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.choices import Choice
from bot.stores.redis.store import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.commands.conftest import Coach
from tests.commands.deciding import Said, append, decide
from tests.fakes import small_app
from tests.stores.redis_server import Server, running

Open = Callable[[], App]
COMMANDS: list[list[str]] = [["prompts", "list", "--json"], ["prompts", "log", "--all", "--json"]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def places(folder: Path, server: Server, tmp_path: Path) -> dict[str, Open]:
    """How to open the coach on an empty store, by the kind of store."""
    return {
        "sqlite": lambda: small_app(folder, store=SqliteStore(tmp_path / "other" / "coach.sqlite3")),
        "redis": lambda: small_app(folder, store=RedisStore(server.url, prefix=f"test-{tmp_path.name}")),
        "redis too": lambda: small_app(folder, store=RedisStore(server.url, prefix=f"test-2-{tmp_path.name}")),
    }


@pytest.fixture
def saved(coach: Coach, tmp_path: Path) -> Path:
    """A backup of a store in which something has happened."""
    lived_in(coach)
    coach("backup", "saved.jsonl")
    return tmp_path / "saved.jsonl"


def lived_in(coach: Coach, **opening: Open) -> None:
    coach("prompts", "activate", "2", "--note", "für Zoë 🤖", **opening)
    coach("prompts", "rollback", "--note", "back", **opening)
    coach("prompts", "activate", "2", "--share", "99", "--note", "a trial", **opening)
    coach("chat", stdin=b"gutters?\n+1\nautumn?\n-1\n", **opening)


def everything(coach: Coach, **opening: Open) -> list[str]:
    return [coach(*command, **opening).out for command in COMMANDS]


def resealed(lines: list[str]) -> bytes:
    """Lines with a last line that fits them."""
    body = "".join(f"{line}\n" for line in lines).encode()
    end = {"lines": len(lines), "sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(end).encode() + b"\n"


@pytest.mark.parametrize(
    ("first", "second"), [("sqlite", "redis"), ("redis", "sqlite"), ("redis", "redis too")], ids=lambda kind: kind
)
def test_versions_trail_and_figures_come_back_in_any_store(
    coach: Coach, places: dict[str, Open], first: str, second: str
) -> None:
    lived_in(coach, opener=places[first])
    result = coach("backup", "saved.jsonl", opener=places[first])
    assert (result.status, result.out) == (0, "Saved 2 versions and the trail up to entry 6 to saved.jsonl\n")
    before = everything(coach, opener=places[first])
    assert '"up": 1' in before[0]
    restored = coach("restore", "saved.jsonl", opener=places[second])
    assert (restored.status, restored.err) == (0, "")
    assert restored.out == "Restored 2 versions and the trail up to entry 6; version 1 is live.\n"
    assert everything(coach, opener=places[second]) == before
    again = coach("backup", "-", opener=places[second]).out.splitlines()
    assert again[1:-1] == Path("saved.jsonl").read_text().splitlines()[1:-1]


@pytest.mark.parametrize(
    ("first", "second"), [("sqlite", "redis"), ("redis", "sqlite"), ("redis", "redis too")], ids=lambda kind: kind
)
def test_what_writers_decided_comes_back_in_any_store(
    coach: Coach, places: dict[str, Open], first: str, second: str
) -> None:
    decide(places[first](), "m1", [Said(0, Choice.USE), Said(1, Choice.KEEP, "für Zoë 🤖 \ud800", may_show=True)])
    append(places[first](), {"a": "newer program's"})
    before = coach("knowledge", "feedback", "--json", opener=places[first]).out
    assert before.count("\n") == 3
    saved = coach("backup", "saved.jsonl", opener=places[first])
    assert saved.out == "Saved 2 versions, the trail up to entry 3 and 3 decisions to saved.jsonl\n"
    restored = coach("restore", "saved.jsonl", opener=places[second])
    assert restored.out == "Restored 2 versions, the trail up to entry 3 and 3 decisions; version 1 is live.\n"
    assert coach("knowledge", "feedback", "--json", opener=places[second]).out == before
    again = coach("backup", "-", opener=places[second]).out.splitlines()
    assert again[1:-1] == Path("saved.jsonl").read_text().splitlines()[1:-1]


def test_a_program_that_knows_one_stream_takes_decisions_for_empty_groups_of_counters(
    coach: Coach, folder: Path
) -> None:
    decide(small_app(folder), "m1", [Said(0, Choice.USE), Said(1, Choice.KEEP)])
    header, *lines, _ = map(json.loads, coach("backup", "-").out.splitlines())
    assert header["version"] == 1
    assert {line["stream"] for line in lines if "stream" in line} == {"prompts"}
    groups = {line["counters"]: line["sums"] for line in lines if "stream" not in line}
    assert (groups["decisions:1"], groups["decisions:2"]) == ({}, {})
    assert len(lines) == 3 + len(groups)


def test_the_trial_goes_on_with_what_it_counted(saved: Path) -> None:
    lines = [json.loads(line) for line in saved.read_text().splitlines()]
    assert [line["counters"] for line in lines if "counters" in line] == ["version:2", "trial:6:2"]


def test_a_backup_can_go_through_a_pipe(coach: Coach, saved: Path, places: dict[str, Open]) -> None:
    piped = coach("backup", "-")
    assert (piped.status, piped.err) == (0, "")
    assert piped.out.splitlines()[1:-1] == saved.read_text().splitlines()[1:-1]
    assert coach("restore", "-", stdin=piped.out.encode(), opener=places["sqlite"]).status == 0


def test_a_backup_replaces_an_older_one_and_only_its_owner_reads_it(coach: Coach, saved: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    saved.write_text("older")
    coach("backup", "saved.jsonl")
    assert saved.read_text().startswith('{"format": "field-coach-backup", "version": 1')
    assert not list(tmp_path.glob(".coach-*"))


def test_a_store_that_holds_versions_is_not_restored_into(coach: Coach, saved: Path) -> None:
    before = everything(coach)
    assert coach("restore", str(saved)).refused == (
        "the store holds prompt versions already: name an empty one, by another COACH_DATA_DIR or by another REDIS_URL"
    )
    assert everything(coach) == before


def test_the_prompts_folder_is_not_published_on_the_way(coach: Coach, folder: Path) -> None:
    coach("prompts", "list")
    (small_app(folder).prompts_dir / "0001.md").write_text("broken")
    assert coach("backup", "again.jsonl").status == 0


def test_there_must_be_something_to_save(coach: Coach, tmp_path: Path) -> None:
    assert "the store holds no prompt versions yet" in coach("backup", "saved.jsonl").refused
    assert not (tmp_path / "saved.jsonl").exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (".", ". is no file: name a file, or - for standard output"),
        ("/dev/null", "/dev/null is no file"),
        ("nowhere/saved.jsonl", "cannot write nowhere/saved.jsonl: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_line(coach: Coach, file: str, told: str) -> None:
    coach("prompts", "list")
    assert told in coach("backup", file).refused


def test_a_file_that_was_cut_anywhere_is_refused_and_nothing_written(
    coach: Coach, saved: Path, places: dict[str, Open]
) -> None:
    raw = saved.read_bytes()
    ends = [number + 1 for number, byte in enumerate(raw) if byte == ord("\n")]
    for length in [0, 1, 100, *ends[:-1], *(end + 20 for end in ends[:-1]), len(raw) - 1]:
        told = coach("restore", "-", stdin=raw[:length], opener=places["sqlite"]).refused
        assert "it was cut short" in told or "it is empty" in told
    assert coach("restore", "-", stdin=raw, opener=places["sqlite"]).status == 0


def test_a_file_in_which_a_byte_changed_is_refused(coach: Coach, saved: Path, places: dict[str, Open]) -> None:
    raw = saved.read_bytes()
    for place in range(7, len(raw), len(raw) // 40):
        changed = bytearray(raw)
        changed[place] ^= 1
        assert coach("restore", "-", stdin=bytes(changed), opener=places["sqlite"]).refused.startswith(
            "standard input: "
        )
    assert coach("restore", "-", stdin=raw, opener=places["sqlite"]).status == 0


def test_what_is_no_backup_of_ours_is_refused_even_if_it_is_sealed(
    coach: Coach, saved: Path, places: dict[str, Open]
) -> None:
    header, first, second, third, *rest = saved.read_text().splitlines()[:-1]
    odd = {
        "entry 1 of 'prompts'": [header, second, first, third],
        "entry 3 of 'prompts'": [header, first, second, *rest],
        "newer Field Coach (format 2, this one reads 1)": [header.replace('"version": 1', '"version": 2'), first],
        "no backup of Field Coach": [first, second],
        "cannot read its entry 1": [header, json.dumps({"stream": "prompts", "position": 1, "entry": "{}"})],
        "line 2 is no line of a backup": [header, json.dumps({"counters": "version:1", "sums": {"up": "1"}})],
        "entry 1 of 'decisions'": [header, first, further(position=2)],
        "entry 2 of 'decisions'": [header, first, further(position=1), further(position=1)],
        "line 2 is no line of a backup: it": [header, further(position=1, stream="prompts", sums={"up": 1.5})],
        "line 3 is no line of a backup": [header, *[json.dumps({"counters": "a", "sums": {"up": 1}})] * 2],
        "do not follow from each other": [header, evaluation_of_nothing(json.loads(third))],
    }
    for told, lines in odd.items():
        assert told in coach("restore", "-", stdin=resealed(lines), opener=places["sqlite"]).refused
    more = saved.read_bytes() + b"{}\n"
    assert "something follows its last line" in coach("restore", "-", stdin=more, opener=places["sqlite"]).refused
    for raw in (b"\xff\xfe\n", b"hello\n", b"[" * 100_000 + b"\n", b"{}\n"):
        assert "no backup of Field Coach" in coach("restore", "-", stdin=raw, opener=places["sqlite"]).refused
    assert coach("restore", str(saved), opener=places["sqlite"]).status == 0


def further(*, position: int, stream: str = "decisions", sums: dict[str, float] | None = None) -> str:
    """An entry of a further stream."""
    line = {"counters": f"{stream}:{position}", "sums": sums or {}, "further": stream}
    return json.dumps({**line, "position": position, "entry": "{}"})


def evaluation_of_nothing(line: dict[str, str]) -> str:
    """An entry that evaluates a version which was never published."""
    stamp = json.loads(line["entry"])["stamp"]
    entry = {"kind": "evaluated", "stamp": stamp, "version": 9, "engine": "x", "basis": "x", "passed": [], "failed": []}
    return json.dumps({"stream": "prompts", "position": 1, "entry": json.dumps(entry)})


def test_a_file_that_is_not_there_is_one_line(coach: Coach) -> None:
    assert "cannot read nowhere.jsonl: No such file" in coach("restore", "nowhere.jsonl").refused
