"""`python -m tests.small_coach FOLDER ARGUMENT...`: the command line over the small coach, as a process."""

import sys
from pathlib import Path

from bot.cli import main
from tests.fakes import small_app

if __name__ == "__main__":
    folder = Path(sys.argv.pop(1))
    main(opener=lambda: small_app(folder))
