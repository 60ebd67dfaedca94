"""What compose.yaml promises."""

import json
import re
from pathlib import Path

import fastjsonschema
import pytest
from redis import Redis

from bot.channels.web.server import GRACE_SECONDS, SHUTDOWN_SECONDS
from bot.settings import Settings
from tests.ship.compose import composed, services
from tests.ship.dockerfile import ROOT, image
from tests.stores.redis_server import running

SCHEMA = Path(__file__).with_name("compose-spec.json")
"""The Compose Specification's, from github.com/compose-spec/compose-spec (Apache 2.0)."""


def test_it_keeps_to_the_compose_specification() -> None:
    fastjsonschema.compile(json.loads(SCHEMA.read_text(encoding="utf-8")))(composed())


def test_a_misspelt_key_would_be_found() -> None:
    file = composed()
    file["services"]["coach"]["depend_on"] = file["services"]["coach"].pop("depends_on")
    with pytest.raises(fastjsonschema.JsonSchemaException, match="depend_on"):
        fastjsonschema.compile(json.loads(SCHEMA.read_text(encoding="utf-8")))(file)


def test_redis_is_well_before_the_coach_starts() -> None:
    assert services()["coach"]["depends_on"] == {"redis": {"condition": "service_healthy"}}
    assert "ping" in services()["redis"]["healthcheck"]["test"][1]
    assert services()["coach"]["environment"]["REDIS_URL"].startswith("redis://redis:6379")


def test_only_the_coach_is_reached_and_only_from_this_machine() -> None:
    assert "ports" not in services()["redis"]
    assert services()["redis"]["networks"] == ["state"]
    assert composed()["networks"]["state"]["internal"]
    assert [port.split(":")[0] for port in services()["coach"]["ports"]] == ["127.0.0.1"]


@pytest.mark.parametrize("name", ["redis", "coach"])
def test_a_service_can_do_and_take_no_more_than_it_needs(name: str) -> None:
    service = services()[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert "privileged" not in service
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"]["max-size"]
    assert not re.search(r":latest$|^[^:]+$", service["image"])


def test_what_a_service_keeps_is_on_a_volume_and_what_it_reads_cannot_be_written() -> None:
    volumes = [volume.split(":") for service in services().values() for volume in service["volumes"]]
    named = {source for source, *_ in volumes if not source.startswith(".")}
    assert named == set(composed()["volumes"])
    assert {target for source, target, *_ in volumes if source == "coach"} == {image().value("VOLUME")}
    assert all(mode == ["ro"] for source, _, *mode in volumes if source.startswith("."))


def test_the_coach_has_the_time_to_end() -> None:
    assert int(services()["coach"]["stop_grace_period"].removesuffix("s")) >= 20 > GRACE_SECONDS + SHUTDOWN_SECONDS


def test_settings_of_the_image_hold_whatever_a_laptop_s_env_file_says() -> None:
    environment = services()["coach"]["environment"]
    assert environment.keys() <= {name.upper() for name in Settings.model_fields}
    assert {name: environment[name] for name in image().env if name.startswith("COACH_")} == {
        name: value for name, value in image().env.items() if name.startswith("COACH_")
    }


def test_it_carries_no_secret_and_does_not_start_without_a_token() -> None:
    assert services()["coach"]["environment"]["COACH_WEB_TOKEN"].startswith("${COACH_WEB_TOKEN:?")
    assert services()["coach"]["env_file"] == [{"path": ".env", "required": False}]
    assert "@" not in (ROOT / "compose.yaml").read_text(encoding="utf-8")


def test_redis_keeps_what_it_has_taken(tmp_path: Path) -> None:
    words = services()["redis"]["command"][1:]
    settings = {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}
    with (
        running(tmp_path, **{name.replace("-", "_"): value for name, value in settings.items()}) as server,
        Redis.from_url(server.url, decode_responses=True) as redis,
    ):
        kept = redis.config_get("appendonly", "appendfsync", "maxmemory-policy", "maxmemory")
    assert kept == {
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "maxmemory": str(512 * 1024 * 1024),
    }
