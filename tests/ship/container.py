"""The image laid out in a folder, and containers of it without Docker."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from tests.ship.dockerfile import ROOT, image
from tests.ship.sealing import __file__ as sealing

AS_ROOT = sys.platform == "linux" and os.geteuid() == 0
"""Only root makes a file system read-only: without, permissions stand in for it."""
PATIENCE = 60.0
_PATHS = re.compile(r"(?<![\w.])/(?=(?:opt|srv|var)/)")
_DEPENDENCIES = Path(sysconfig.get_path("purelib"))


def build_wheel(folder: Path) -> Path:
    """Builds the project's wheel, as the Dockerfile does, with what builds it already there."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own program
    (wheel,) = folder.glob("*.whl")
    return wheel


class Container:
    """What the Dockerfile makes, below `folder` in place of `/`; what it depends on is taken from this environment."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)
        self._image = image()
        self.data = self.placed(self._image.value("VOLUME"))
        self.data.mkdir(parents=True)
        self.programs = self.placed("/opt/coach")
        venv.create(self.programs, symlinks=True)
        (packages,) = self.programs.glob("lib/python*/site-packages")
        pip = (sys.executable, "-m", "pip", "--python", str(self.programs / "bin" / "python"), "--isolated", "--quiet")
        install = (*pip, "install", "--disable-pip-version-check", "--no-deps", "--no-index", str(wheel))
        subprocess.run(install, check=True)  # noqa: S603 - our own program
        (packages / "dependencies.pth").write_text(f"{_DEPENDENCIES}\n")
        for source, target in self._image.copied:
            shutil.copytree(ROOT / source, self.placed(target))
        if AS_ROOT:
            user, group = map(int, self._image.value("USER").split(":"))
            os.chown(self.data, user, group)
        else:
            self._take_permissions()

    def placed(self, path: str) -> Path:
        """Where something of the image is."""
        return Path(self._mapped(path))

    def start(self, *command: str, **settings: str) -> "subprocess.Popen[str]":
        """Starts a command as `docker run --read-only --tmpfs /tmp --cap-drop ALL` would; settings are its `--env`."""
        env = {name: self._mapped(value) for name, value in self._image.env.items()}
        env |= {"HOME": "/nonexistent", **settings}
        folder = self.placed(self._image.value("WORKDIR"))
        if not AS_ROOT:
            program = shutil.which(command[0], path=env["PATH"]) or command[0]
            return _started([program, *command[1:]], cwd=folder, env=env)
        order = {
            "command": command,
            "data": str(self.data),
            "env": env,
            "folder": str(folder),
            "shown": [str(self.folder), str(_DEPENDENCIES), sys.base_prefix],
            "user": self._image.value("USER"),
        }
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
        return _started([*apart, sys.executable, "-I", "-S", sealing, json.dumps(order)])

    def run(self, *command: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command to its end."""
        process = self.start(*command, **settings)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def _mapped(self, value: str) -> str:
        return _PATHS.sub(f"{self.folder}/", value)

    def _take_permissions(self) -> None:
        for folder in (self.programs, self.placed("/srv/coach")):
            for path in (folder, *folder.rglob("*")):
                if not path.is_symlink():  # as the interpreter is
                    path.chmod(path.stat().st_mode & ~0o222)


def _started(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, env=env, stdout=pipe, stderr=pipe, text=True)  # noqa: S603 - our own


def first_process(started: "subprocess.Popen[str]") -> psutil.Process:
    """The container's own process: where it is apart, the one with number 1 in there."""
    process = psutil.Process(started.pid)
    return process.children()[0] if AS_ROOT else process
