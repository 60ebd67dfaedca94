from http import HTTPStatus

import pytest

from bot.channels.web.outcomes import read_outcome, write_outcome
from bot.core.messages import Incoming
from bot.core.replies import Refused


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (Refused("Ask something."), HTTPStatus.BAD_REQUEST),
        (Refused("Too many.", limit="person"), HTTPStatus.TOO_MANY_REQUESTS),
        (Refused("Too many.", limit="workspace"), HTTPStatus.TOO_MANY_REQUESTS),
    ],
)
def test_a_program_learns_by_the_status_that_it_may_send_again_later(refused: Refused, status: HTTPStatus) -> None:
    kept = read_outcome(write_outcome(Incoming(id="web:1", person="web:a", thread="t", text="vans?"), refused))
    assert (kept.status, kept.body["error"]) == (status, refused.reason)
