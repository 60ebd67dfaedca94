"""What the Dockerfile says of the image it makes: its last stage."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a stage."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Image:
    """The stages of a Dockerfile; the last is the image."""

    stages: Sequence[Sequence[Instruction]]
    env: Mapping[str, str]

    def values(self, name: str) -> list[str]:
        """What stands behind an instruction in the last stage, in order."""
        return [instruction.value for instruction in self.stages[-1] if instruction.name == name]

    def value(self, name: str) -> str:
        """What stands behind an instruction that the last stage has once."""
        (value,) = self.values(name)
        return value

    @property
    def command(self) -> list[str]:
        """What a container runs."""
        return [*exec_form(self.value("ENTRYPOINT")), *exec_form(self.value("CMD"))]

    @property
    def health_check(self) -> list[str]:
        """What tells whether a container is well."""
        return exec_form(self.value("HEALTHCHECK").partition("CMD ")[2])

    @property
    def copied(self) -> list[tuple[str, str]]:
        """What comes into the image from the checkout, and where to."""
        pairs = [value.split() for value in self.values("COPY") if not value.startswith("--")]
        return [(source, target) for source, target in pairs]


@cache
def image() -> Image:
    """Reads the Dockerfile."""
    parser = DockerfileParser(fileobj=io.BytesIO(DOCKERFILE.read_bytes()))
    stages: list[list[Instruction]] = []
    for part in parser.structure:
        if part["instruction"] == "FROM":
            stages.append([])
        if part["instruction"] != "COMMENT":
            stages[-1].append(Instruction(part["instruction"], part["value"]))
    return Image(stages, parser.envs)


def exec_form(value: str) -> list[str]:
    """A command that no shell comes between."""
    words = json.loads(value)
    assert isinstance(words, list), value
    return [str(word) for word in words]
