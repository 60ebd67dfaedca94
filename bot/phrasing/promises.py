"""Words that promise, measure or enlarge: a replacement may have them from the approved wording only."""

from bot.phrasing.wording import Word, stem

_PROMISES = """
    guarantee guaranteed promise pledge ensure assure commit commitment certify compliant compliance authorised
    authorized binding legally liable shall forever permanent entire whole full fully complete completely total totally
    absolute absolutely definitely certainly surely zero unlimited anything free discount refund waive cheap fee save
    instant instantly immediate immediately overnight quickly soon best perfect perfectly seamless easy easily simple
    automatic automatically proven safe secure immune protect risk solve eliminate prevent stop fix replace remove fewer
    least higher lower faster slower cheaper better worse larger smaller longer shorter increase decrease reduce
    improve double halve accurate correct reliable right straight smart smarter know understand learn teach
"""
_PROMISING = frozenset(map(stem, _PROMISES.split()))


def is_promise(word: Word) -> bool:
    """Whether a word promises, measures or enlarges."""
    return word.stem in _PROMISING
