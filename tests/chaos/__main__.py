"""`python -m tests.chaos [SECONDS]`: every harm for so long, a minute unless said, and what came of it."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.chaos.ground import endured
from tests.chaos.harms import SCENARIOS

SECONDS = 60.0


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    for scenario in SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(f"{asyncio.run(endured(scenario, Path(folder), seconds))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
