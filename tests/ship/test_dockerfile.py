"""What the Dockerfile promises."""

import re
import subprocess
import sys
from pathlib import Path

from bot import __version__
from bot.settings import Settings
from tests.ship.dockerfile import DOCKERFILE, ROOT, image

HADOLINT = Path(sys.executable).with_name("hadolint")
_PINNED = re.compile(r"python:3\.\d+\.\d+-slim-\w+(?:@sha256:[0-9a-f]{64})?(?: AS \w+)?")


def test_hadolint_finds_nothing() -> None:
    ended = subprocess.run([HADOLINT, "--no-color", DOCKERFILE], capture_output=True, text=True)  # noqa: S603 - our own
    assert (ended.returncode, ended.stdout) == (0, "")


def test_every_stage_is_the_same_slim_python_of_one_exact_version() -> None:
    bases = [stage[0].value for stage in image().stages]
    assert len(bases) == 2
    assert all(map(_PINNED.fullmatch, bases))
    assert len({base.partition(" ")[0] for base in bases}) == 1


def test_it_runs_as_a_user_with_a_fixed_number() -> None:
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", image().value("USER"))
    made = " ".join(image().values("RUN"))
    user, group = image().value("USER").split(":")
    assert f"useradd --uid {user} " in made
    assert f"groupadd --gid {group} " in made


def test_nothing_is_copied_over_by_root_after_the_user_is_set() -> None:
    names = [instruction.name for instruction in image().stages[-1]]
    assert not {"COPY", "RUN", "ADD"} & set(names[names.index("USER") :])


def test_nothing_comes_from_the_network_but_pinned_packages_that_need_no_compiler() -> None:
    instructions = [instruction for stage in image().stages for instruction in stage]
    assert not [instruction for instruction in instructions if instruction.name == "ADD"]
    lines = " && ".join(instruction.value for instruction in instructions if instruction.name == "RUN")
    assert not re.search(r"\b(apt|apt-get|curl|wget|git|gcc)\b", lines)
    for install in re.findall(r"pip (?:--python \S+ )?install .*?(?= && |$)", lines):
        assert "--no-index" in install or {"--constraint", "--only-binary"} <= set(install.split())


def test_the_image_has_no_packages_to_install_packages_with() -> None:
    assert "pip uninstall" in image().values("RUN")[0]
    assert "venv --without-pip" in image().stages[0][3].value


def test_it_carries_no_secret() -> None:
    secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert secret
    assert not secret & set(image().env)
    assert not [stage for stage in image().stages for instruction in stage if instruction.name == "ARG"]


def test_every_setting_that_it_names_is_one_of_the_coach_s() -> None:
    named = {name for name in image().env if name.startswith("COACH_")}
    assert named <= {name.upper() for name in Settings.model_fields}
    assert image().env["COACH_DATA_DIR"] == image().value("VOLUME")
    assert image().env["COACH_PORT"] == image().value("EXPOSE")
    targets = {target for _, target in image().copied}
    assert targets == {image().env["COACH_KNOWLEDGE_DIR"], image().env["COACH_PROMPTS_DIR"]}


def test_its_label_is_the_program_s_version() -> None:
    assert f'image.version="{__version__}"' in image().value("LABEL")


def test_it_is_told_to_end_by_the_signal_that_the_coach_hears() -> None:
    assert image().value("STOPSIGNAL") == "SIGTERM"
    assert image().command == ["coach", "serve"]


def test_only_what_is_copied_goes_into_a_build() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    copied = {
        source.removeprefix("./")
        for stage in image().stages
        for instruction in stage
        if instruction.name == "COPY" and not instruction.value.startswith("--")
        for source in instruction.value.split()[:-1]
    }
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
    assert all((ROOT / source).exists() for source in copied)
