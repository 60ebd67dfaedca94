from bot import __version__
from bot.doctor import program
from bot.doctor.finding import State
from bot.doctor.program import _release


def test_what_runs_here_and_the_packages_are_told_with_their_versions() -> None:
    ours, *_, packages = program.check()
    assert ours.says.startswith(f"Field Coach {__version__}, Python 3.")
    assert packages.says.startswith("packages: aiohttp 3.")
    assert {ours.state, packages.state} == {State.OK}


def test_a_program_that_is_not_installed_is_told() -> None:
    findings = program.check("no-such-package")
    assert [finding.state for finding in findings] == [State.OK, State.UNSURE]


def test_versions_are_compared_by_their_numbers() -> None:
    assert _release("3.10") > _release("3.9.9")
    assert _release("9.1.2.post2") == _release("9.1.2") == _release("9.1.2.0")
    assert _release("2.0.0rc1") == _release("2") < _release("2.0.1")
