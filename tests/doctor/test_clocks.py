from email.utils import formatdate

import pytest

from bot.doctor.clocks import clock_finding, seconds_ahead
from bot.doctor.finding import State

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("ahead", "state", "says"),
    [
        (0.0, State.OK, "this machine's clock agrees with that of Slack"),
        (1.5, State.OK, "this machine's clock agrees with that of Slack"),
        (-40.0, State.OK, "this machine's clock is 40 s behind that of Slack"),
        (60.0, State.OK, "this machine's clock is 60 s ahead of that of Slack"),
        (61.0, State.PROBLEM, "this machine's clock is 61 s ahead of that of Slack"),
        (-3_600.0, State.PROBLEM, "this machine's clock is 3,600 s behind that of Slack"),
    ],
)
def test_a_clock_that_is_more_than_a_minute_off_is_a_problem(ahead: float, state: State, says: str) -> None:
    measured = seconds_ahead(formatdate(NOW, usegmt=True), NOW + ahead)
    assert measured == ahead
    finding = clock_finding("slack", "Slack", measured)
    assert (finding.state, finding.says, bool(finding.mend)) == (state, says, state is State.PROBLEM)


@pytest.mark.parametrize("date", [None, "", "tomorrow", "Mon, 99 Xxx 2026 99:99:99 GMT", "\x00"])
def test_a_date_that_cannot_be_read_is_none(date: str | None) -> None:
    assert seconds_ahead(date, NOW) is None
    assert clock_finding("slack", "Slack", None).state is State.UNSURE
