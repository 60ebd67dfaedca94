"""One version of the system prompt that serves everybody, for what needs a prompt and not the registry."""

from bot.core.prompts import Prompt, Serving
from bot.prompts.pinned import PinnedVersion

PROMPT = Prompt(
    version=1, text="## Answering\n\nGive the best line.", model="small-model", max_tokens=100, effort="low"
)
PINNED = PinnedVersion(Serving(PROMPT))
