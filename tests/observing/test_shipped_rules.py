"""The dashboard and the alerts that ship, held against what `/metrics` tells."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.platform_measures import PlatformMeasures
from bot.channels.web.exposition import exposition
from bot.channels.web.measuring import Measures
from bot.core.observing import Ending
from bot.core.prompts import Figures, ModelFigures, Usage
from bot.core.replies import Refused
from bot.core.state import Depth
from bot.observing.metrics import Metrics
from bot.prompts.history import History
from bot.stores.sqlite.store import SqliteStore
from tests.observing.test_metrics import ANSWER, CALL, attempted, review, row

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana/field-coach.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
CONFIG = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
MONITORING = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
SELECTOR = re.compile(r"([a-z_]+)(?:\{([^}]*)\})?")
OF_PROMETHEUS = {"job", "instance"}


def panels() -> Iterator[Mapping[str, Any]]:
    yield from (panel for panel in DASHBOARD["panels"] if panel["type"] != "row")


def expressions() -> list[str]:
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    asked += [each["expr"] for each in DASHBOARD["annotations"]["list"]]
    return [each.replace("$__rate_interval", "5m").replace("$__interval", "5m") for each in asked] + [
        rule["expr"] for rule in RULES
    ]


@pytest.fixture
async def told(tmp_path: Path) -> Mapping[str, set[str]]:
    """Every metric of a coach that has seen everything, with its labels."""
    metrics = Metrics()
    for reply in (ANSWER, review(row(1)), Refused("slower", limit="person")):
        metrics.attempted(attempted(reply))
    metrics.attempted(attempted(None, ending=Ending.RETRIED))
    metrics.called(CALL)
    usage = Usage(1, 1, 1, 1)
    figures = Figures(replies=1, usage=usage, by_model=(ModelFigures("m", usage, 1.0),))
    platform = PlatformMeasures("slack", True, {"question": 1}, 1, {"stale": 1}, {"bot": 1}, {"away": 1})
    history = History(SqliteStore(tmp_path / "coach.sqlite3").log)
    measures = Measures(history.known, figures={1: figures}, depth=Depth(1, 1, 1, 1.0), platforms=(platform,))
    text = (exposition(measures) + metrics.exposition()).decode()
    found: dict[str, set[str]] = {"up": set()}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    # It has no sample before the first move.
    return found | {"coach_prompt_last_move_timestamp_seconds": set()}


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_asks_for_what_there_is(expression: str, told: Mapping[str, set[str]]) -> None:
    promql_parser.parse(expression)
    asked = [match for match in SELECTOR.finditer(expression) if match[1] in told]
    assert asked
    for match in asked:
        labels = set(re.findall(r"(\w+)(?:=~|!=|=)", match[2] or ""))
        assert labels <= told[match[1]] | OF_PROMETHEUS
    for named in re.findall(r"\b(?:coach|process)_[a-z_]+", expression):
        assert named in told
    for group in re.findall(r"by \(([^)]*)\)", expression):
        known = set.union(*(told[match[1]] for match in asked)) | OF_PROMETHEUS
        assert {label.strip() for label in group.split(",")} <= known


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_to_do(rule: Mapping[str, Any]) -> None:
    assert rule["for"]
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert f"docs/monitoring.md#{rule['alert'].lower()}" in rule["annotations"]["description"]
    assert f"\n### {rule['alert']}\n" in MONITORING


def test_every_alert_has_a_case_in_the_file_for_promtool() -> None:
    cases = yaml.safe_load((ROOT / "deploy/prometheus/alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    fired = {case["alertname"] for test in cases for case in test["alert_rule_test"] if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in RULES}


def test_the_dashboards_panels_have_their_own_place_and_number() -> None:
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(numbers)) == len(numbers)
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_the_dashboards_variables_are_defined_and_its_panels_described() -> None:
    defined = {variable["name"] for variable in DASHBOARD["templating"]["list"]} | {
        "__rate_interval",
        "__interval",
        "__all",
    }
    assert set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD))) <= defined
    assert all(panel["description"] and panel["fieldConfig"]["defaults"]["unit"] for panel in panels())


def test_every_family_is_told_of_in_the_docs(told: Mapping[str, set[str]]) -> None:
    named = {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in told}
    families = {name for name in named if name.startswith("coach_") and not name.endswith("_created")}
    table = MONITORING.partition("## Alerts")[0]
    short = {name for name in families if name not in table and f"…_{name.split('_', 2)[2]}" not in table}
    assert not short


def test_the_example_scrapes_the_job_that_dashboard_and_alerts_go_by() -> None:
    assert [job["job_name"] for job in CONFIG["scrape_configs"]] == ["field-coach"]
    assert CONFIG["rule_files"] == ["alerts.yml"]
