"""What a training says while it runs, and the model card that it leaves."""

import sys
from pathlib import Path


def report(line: str) -> None:
    """Says how far training is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_card(file: Path, text: str) -> None:
    """Saves a model card."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
