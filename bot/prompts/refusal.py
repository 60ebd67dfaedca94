"""Why an act is not done."""


class Refusal(Exception):  # noqa: N818 - reads as what happened
    """An act that is not done; the message is one line that says why and how to mend it.

    `denied` says that the person is no admin.
    """

    def __init__(self, reason: str, *, denied: bool = False) -> None:
        super().__init__(reason)
        self.denied = denied
