import json
import subprocess
import sys


def test_the_shipped_coach_meets_every_bar_of_the_shipped_cases() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "eval", "--json"], capture_output=True, text=True, check=False)
    missed = [measure["name"] for measure in json.loads(done.stdout)["measures"] if measure.get("met") is False]
    assert (missed, done.returncode) == ([], 0)
