"""Values of labels, so many and no more: each set of them costs a time series for good."""

OTHER = "other"


class Bounded:
    """Lets the first `most` sets of values through; any that comes later is `OTHER`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[tuple[str, ...]] = set()

    def label(self, *values: str) -> tuple[str, ...]:
        """Gives the values to use."""
        if values not in self._known:
            if len(self._known) >= self._most:
                return (OTHER,) * len(values)
            self._known.add(values)
        return values
