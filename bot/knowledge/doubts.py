"""What a question asks for that its best lines do not hold, however like it they are.

The words are general English, not any lesson's. Of the answerable questions of `training/questions` that ask for a
quantity, 94% have a number in their answer; questions about the rep's own company are 1.7% of the answerable and 12%
of the others.
"""

import re
from collections.abc import Iterable

NO_NUMBER = 2.0
OWN_COMPANY = 1.5
"""Each is taken off the logit that the lessons answer."""

_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|often|big|large|fast|far|old|high|low|soon)\b"
    r"|\bwhat (?:percentage|per ?cent|share|price|number|amount|figure|rate|size|temperature|score|version)\b"
    r"|\bwhat(?:'s| is| are| does| do| did| would| will)\b.{0,60}"
    r"\b(?:cost|price|fee|rate|discount|percentage|number|limit)\b"
    r"|\bper (?:month|hour|year|user|seat|token|call|day)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|third|quarter|dozen|hundred|thousand|million|"
    r"twice|double|once|seconds?|minutes?|hours?|daily|weekly|monthly|yearly|always|never|constantly|instantly|"
    r"immediately|nothing|free)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\bour (?:own|product|platform|assistant|tool|team|company|customers?|service|software|app|system|portal)\b"
    r"|\b(?:do we (?:have|support|offer|charge)|does our|is our|are our|can we offer|we charge|did we|of ours)\b",
    re.IGNORECASE,
)


def doubt(question: str, best: Iterable[str]) -> float:
    """Gives how much to take off the logit that the lessons answer; `best` are the lines found, best first."""
    doubted = 0.0
    if _QUANTITY.search(question) and not any(_NUMBER.search(line) for line in best):
        doubted += NO_NUMBER
    if _OWN.search(question):
        doubted += OWN_COMPANY
    return doubted
