"""What the loopback Teams keeps of what happened, and its addresses."""

from tests.teams.loopback.keys import METADATA_PATH
from tests.teams.loopback.state import Ack, Call, Failure, State, Status


class Records:
    """Reads the state that its parts share."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def url(self) -> str:
        return self._state.url

    @property
    def signed(self) -> bool:
        """Whether deliveries are signed and calls have to carry a token."""
        return self._state.signed

    @property
    def service_url(self) -> str:
        """What the app is told to answer at."""
        return self._state.service_url

    @property
    def metadata_url(self) -> str:
        """The OpenID metadata of who signs deliveries."""
        return f"{self.url}{METADATA_PATH}"

    @property
    def login_url(self) -> str:
        """The login service; tokens are at `{login_url}/{tenant}/oauth2/v2.0/token`."""
        return self.url

    @property
    def calls(self) -> list[Call]:
        """What the app called, in order of the answers."""
        return self._state.calls

    @property
    def acks(self) -> list[Ack]:
        """Every attempt of a delivery, as it ended."""
        return self._state.acks

    @property
    def failures(self) -> list[Failure]:
        """What people were shown because the app did not answer, or not rightly."""
        return self._state.failures

    @property
    def statuses(self) -> list[Status]:
        """What chats showed of the app's work: informative texts, and "" for three dots."""
        return self._state.statuses

    @property
    def faults(self) -> list[str]:
        """What Teams took but what is wrong all the same."""
        return self._state.faults

    @property
    def installed(self) -> set[str]:
        """For whom the app is installed."""
        return self._state.workspace.installed

    @property
    def blocked(self) -> set[str]:
        """Who does not let the app write to them."""
        return self._state.workspace.blocked
