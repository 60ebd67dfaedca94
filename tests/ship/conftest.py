"""One wheel, one image of it and one container's life, for all that is said about them."""

from pathlib import Path

import pytest

from tests.ship.container import Container, build_wheel
from tests.ship.living import Life, live


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def container(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Container:
    return Container(tmp_path_factory.mktemp("image"), wheel)


@pytest.fixture(scope="session")
def life(container: Container) -> Life:
    return live(container)
