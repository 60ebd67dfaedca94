"""Prints the speed figures: `make bench`. Nothing here passes or fails.

`python -m tests.bench stores` prints those of one part alone: answers, claims, stores, claude, slack, teams, load,
replicas, storage; or soak, which takes ten minutes and is printed only so.
"""

import asyncio
import sys
from importlib import import_module

PARTS = ("answers", "claims", "stores", "claude", "slack", "teams", "load", "replicas", "storage")


def main() -> None:
    for part in sys.argv[1:] or PARTS:
        rows = asyncio.run(import_module(f"tests.bench.{part}").rows())
        width = max(len(name) for name, _ in rows)
        for name, figure in rows:
            sys.stdout.write(f"{name:<{width}}  {figure}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
