"""Run as root in mount and process namespaces of its own: closes them as a container's are, then becomes its command.

What is left to write is what a container with a read-only root has: its volume and a tmpfs at /tmp.
Run as a script, before any of the project can be imported: it uses Python's own modules only.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HOLDER = Path("/mnt")
TEMPORARY = Path("/tmp")  # noqa: S108 - the container's own
OWN = ("/proc", "/sys", "/dev")
"""Of the kernel, not of a file system; in them a user without capabilities writes nothing that stays."""


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)  # noqa: S603, S607 - root's own mount


def closed_above(path: Path) -> Path | None:
    """The topmost folder above a path that only its owner may pass."""
    return next((above for above in reversed(path.parents) if not above.stat().st_mode & 0o001), None)


def show(paths: Sequence[Path]) -> None:
    """Gives a fresh /tmp, and lets everybody pass to `paths`, which may lie in what that hides."""
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", HOLDER)
    held = {path: HOLDER / str(number) for number, path in enumerate(paths)}
    for path, holder in held.items():
        holder.mkdir()
        mount("--rbind", path, holder)
    for folder in {closed for path in paths if (closed := closed_above(path)) and TEMPORARY not in closed.parents}:
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", folder)
    mount("-t", "tmpfs", "-o", "mode=1777,size=64m", "tmpfs", TEMPORARY)
    for path, holder in held.items():
        path.mkdir(parents=True, exist_ok=True)
        mount("--rbind", holder, path)
    subprocess.run(["umount", "--recursive", "--lazy", HOLDER], check=True)  # noqa: S603, S607 - root's own umount


def close(writable: Iterable[Path]) -> None:
    """Makes every file system read-only, but for these mounts."""
    kept = set(writable)
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    for point in {line.split()[4].encode().decode("unicode_escape") for line in lines}:
        if Path(point) not in kept and (point == "/dev/shm" or not point.startswith(OWN)):  # noqa: S108 - not used
            mount("-o", "remount,bind,ro", point)


def main(order: dict[str, Any]) -> None:
    data = Path(order["data"])
    show([Path(path) for path in order["shown"]])
    mount("--bind", data, data)
    close([data, TEMPORARY])
    os.chdir(order["folder"])
    user, group = order["user"].split(":")
    nothing = ("--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs")
    os.execvpe("setpriv", ["setpriv", "--reuid", user, "--regid", group, *nothing, *order["command"]], order["env"])  # noqa: S606, S607


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
