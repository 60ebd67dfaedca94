"""Questions that ask what something is, answered by the start of the section that bears its name."""

import re

from bot.knowledge.lexical import stems

_THING = r"(?P<thing>[\w][\w' -]{1,60}?)"
_ASKS = (
    re.compile(rf"\b(?:define|definition of|meaning of)\s+(?:an?\s+|the\s+)?{_THING}\s*(?:[,?.!]|$)", re.IGNORECASE),
    re.compile(
        rf"\bwhat(?:'?s| is| are)\s+(?:an?\s+|the\s+)?{_THING}"
        r"(?:\s+(?:in (?:one|a)\b|actually|exactly|really|again|about|anyway|mean)|\s*[,?.!]|\s*$)",
        re.IGNORECASE,
    ),
    re.compile(rf"\bwhat\s+{_THING}\s+(?:actually |really |exactly )?(?:is|are|means)\b", re.IGNORECASE),
)


def asked_to_define(question: str) -> frozenset[str]:
    """Gives the stems of what the question asks to be defined, none when it asks something else."""
    for pattern in _ASKS:
        if asked := pattern.search(question):
            return frozenset(stems(asked["thing"]))
    return frozenset()
