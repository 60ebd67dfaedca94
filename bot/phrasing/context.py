"""Which of the sentences beside a sentence it is read with.

What a neighbour can change is seen from the words: a sentence leans on the one before ("And it would then know them by
heart."), is led in by it ("Three myths:"), or is taken up by the one after ("They're right.", "Scratch that."). Others
are read alone, which is faster and keeps what does not belong to them away.
"""

import re

from bot.encoder.claim_encoder import InContext

_WORD = re.compile(r"[a-z]+(?:['\u2019-][a-z]+)*")
_LEANING = frozenset(
    """it it's its it'll they they're they'll their them this these those that's that'll one same such both either
    neither he she him her""".split()
)
_RESUMING = frozenset(
    """and but so or because which then yes no plus that also instead nor still actually exactly correct right true
    agreed absolutely not otherwise""".split()
)
_POINTING = frozenset(
    """that that's this it it's they they're he's she's those these both which scratch wrong strike correction actually
    no not false ignore forget sorry i right true exactly correct agreed absolutely yes so and but except only
    spot-on""".split()
)
_REMARK = 14
"""Words that a remark on the sentence before has at most."""
_LOOKED_AT = 600
"""Characters of a sentence that are looked at."""


def in_context(text: str, before: str, after: str) -> InContext:
    """Gives `text` with those of its neighbours ("" for none) that it is to be read with."""
    leads_in = before.endswith(":")
    return InContext(
        text=text,
        before=before if before and (leads_in or leans(text)) else "",
        after=after if after and points_back(after) else "",
    )


def leans(text: str) -> bool:
    """Whether a sentence may lean on the one before: it goes on from it, or has a pronoun to fill."""
    words = _words(text)
    return bool(words) and (words[0] in _RESUMING or not _LEANING.isdisjoint(words))


def points_back(text: str) -> bool:
    """Whether a sentence may be a remark on the one before."""
    words = _words(text)
    return 0 < len(words) <= _REMARK and words[0] in _POINTING


def _words(text: str) -> list[str]:
    return [word.replace("\u2019", "'") for word in _WORD.findall(text[:_LOOKED_AT].lower())]
