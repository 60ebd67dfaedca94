"""What the API's models accept, as far as they differ."""

import re
from typing import get_args

from anthropic.types import Model

KNOWN = frozenset(name for part in get_args(Model) for name in get_args(part))
TAKE_SAMPLING = frozenset(name for name in KNOWN if re.search(r"-4-[56](-\d{8})?$", name))
"""The older ones, which still take temperature, top_p or top_k, and a started assistant turn."""
ALWAYS_THINK = frozenset({"claude-sonnet-5-5"})
"""Those that refuse thinking of type disabled, and a tool choice that forces a tool."""
