"""An exception as a line that holds none of its words: they can be a person's."""

import os
import traceback
from pathlib import Path


def kind_and_place(error: BaseException) -> str:
    """Gives an exception's type and the last place in this program that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((frame for frame in reversed(frames) if f"{os.sep}bot{os.sep}" in frame.filename), None)
    where = f" in {Path(ours.filename).name}:{ours.lineno}" if ours else ""
    return f"{type(error).__name__}{where}"
