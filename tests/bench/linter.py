"""Runs textlint with textlint-rule-terminology on drafts: `make bench` installs them beside this Python."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.labelled import Labelled
from tests.bench.terms import Term

INSTALLED = Path(sys.prefix) / "textlint"
SCRIPT = Path(__file__).resolve().parent / "textlint" / "lint.mjs"


class MissingError(Exception):
    """What is not there, and how to have it, in one line."""


@dataclass(frozen=True, slots=True)
class Linted:
    """The rows that each sentence was flagged for, the seconds until the first was linted, and those for all, warm."""

    rows: tuple[frozenset[int], ...]
    start_up: float
    seconds: float


def lint(sentences: Sequence[Labelled], terms: Sequence[Term]) -> Linted:
    """Lints each sentence's draft in one Node.js process; what is found beside the sentence does not count.

    Raises:
        MissingError: there is no Node.js, or no textlint.
        CalledProcessError: textlint failed; what it said went to standard error.
    """
    node = shutil.which("node")
    if node is None:
        raise MissingError("not measured, no Node.js: on Debian `apt-get install nodejs npm`, then `make bench`")
    if not (INSTALLED / ".installed").exists():
        raise MissingError("not measured, no textlint beside this Python: `make bench` installs it")
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / ".textlintrc.json"
        config.write_text(json.dumps(configuration(terms)), encoding="utf-8")
        asked = json.dumps({"config": str(config), "drafts": [sentence.draft for sentence in sentences]})
        done = subprocess.run(  # noqa: S603
            [node, SCRIPT], cwd=INSTALLED, input=asked, stdout=subprocess.PIPE, encoding="utf-8", check=True
        )
    given = json.loads(done.stdout)
    row_of = {term.row.say.casefold(): term.row.row for term in terms}
    return Linted(
        rows=tuple(
            frozenset(
                row_of[match["say"].casefold()] for match in found if sentence.holds(match["start"], match["end"])
            )
            for sentence, found in zip(sentences, given["found"], strict=True)
        ),
        start_up=given["startUp"],
        seconds=given["seconds"],
    )


def configuration(terms: Sequence[Term]) -> dict[str, object]:
    """Gives the .textlintrc.json: these terms and none of the rule's own."""
    pairs = [[term.pattern, term.row.say.replace("$", "$$")] for term in terms]
    return {"rules": {"terminology": {"defaultTerms": False, "terms": pairs}}}
