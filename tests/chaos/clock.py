"""`python -m tests.chaos.clock OFFSET_FILE FOLDER SPEC`: the small server, whose clock is off by what the file says."""

import sys
import time
from pathlib import Path

from tests.chaos.offset import offset_in


def main() -> None:
    """Puts the clock wrong before anything of the coach is imported, and so asks for the time."""
    file = Path(sys.argv.pop(1))
    right = time.time
    time.time = lambda: right() + offset_in(file)
    from tests.small_server import main as serve

    serve()


if __name__ == "__main__":
    main()
