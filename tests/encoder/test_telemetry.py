"""ONNX Runtime's reports to its maker are off."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SILENCING = {"CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
"""With these it would report nothing anyway, or keep its device's id elsewhere."""


def test_a_model_keeps_no_device_s_id_and_so_reports_nothing(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in SILENCING}
    program = "from bot.encoder.embedder import Embedder; Embedder().embed(['gutters'])"
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], cwd=ROOT, env={**env, "HOME": str(tmp_path)}, check=True
    )
    assert list(tmp_path.rglob("*")) == []
