"""A figure and its name, as a line of what `make bench` prints."""

Row = tuple[str, str]
