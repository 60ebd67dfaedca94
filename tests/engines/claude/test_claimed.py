"""The guard over the lessons that ship: asserting a don't-say is caught in every dress, showing one is fine."""

import pytest

from bot.engines.claude.claimed import ClaimGuard
from tests.engines.claude.knowing import finder, shipped

CLAIMS = {row.row: row.dont_say for row in shipped().guide}
TRAIN = CLAIMS[1]
EASY = CLAIMS[4]


async def claimed(sentence: str) -> list[int]:
    return [row.row for row in await ClaimGuard(finder()).claims(sentence, shipped())]


@pytest.mark.parametrize("row", CLAIMS)
async def test_every_don_t_say_is_caught_in_the_answer_s_own_voice(row: int) -> None:
    assert row in await claimed(f"{CLAIMS[row]}.")


@pytest.mark.parametrize("row", CLAIMS)
@pytest.mark.parametrize(
    "dress",
    [
        'Say: "{}"',
        "Say: {}",
        "Say: \u201c{}\u201d",
        "- Say: '{}'",
        "Do say: {}.",
        'You can tell the buyer "{}" and move on.',
        "Write: {}.",
        "Answer: {}.",
        "Tell the buyer: {}.",
    ],
)
async def test_every_don_t_say_is_caught_in_the_rep_s_mouth(row: int, dress: str) -> None:
    assert row in await claimed(dress.format(CLAIMS[row]))


@pytest.mark.parametrize(
    "sentence",
    [
        "Tell them that we can train the model on your documents.",
        "You may explain to the buyer that we can train the model on your documents.",
        "I would assure your customer that we can train the model on your documents.",
        "Mention that we can train the model on your documents.",
        "Confirm to the team that we can train the model on your documents.",
        "Promise the buyer that we can train the model on your documents.",
        "Say that we can train the model on your documents.",
        'Not only cheaper: say "We can train the model on your documents".',
        'No need to worry, just say "We can train the model on your documents".',
        'Open with "We can train the model on your documents", which works every time.',
        "Yes, we can train the model on your documents.",
        "Sure: we can train the model on your documents!",
        "**We can train the model on your documents.**",
        "In short, we can train the model on your documents, and the buyer need not wait.",
    ],
)
async def test_a_claim_in_other_dress_is_caught(sentence: str) -> None:
    assert 1 in await claimed(sentence)


@pytest.mark.parametrize("row", CLAIMS)
@pytest.mark.parametrize(
    "shown",
    [
        'Not: "{}"',
        'Don\'t say: "{}"',
        "Don\u2019t say \u201c{}\u201d.",
        'Never say "{}".',
        'Avoid "{}".',
        'Instead of "{}", give the approved wording.',
        'The line "{}" is off-message.',
        '"{}" is wrong.',
        '"{}" is a misconception.',
    ],
)
async def test_showing_a_don_t_say_as_such_is_fine(row: int, shown: str) -> None:
    assert await claimed(shown.format(CLAIMS[row])) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "No, we cannot train the model on your documents.",
        "Do not tell them that we can train the model on your documents.",
        "Never promise that we can train the model on your documents.",
        "It is a myth that LoRA makes fine-tuning easy.",
        "LoRA does not make fine-tuning easy.",
        "Fine-tuning shapes how the model responds, not what it knows.",
        "You asked whether we can train the model on their documents.",
    ],
)
async def test_denying_or_asking_is_no_claim(sentence: str) -> None:
    assert await claimed(sentence) == []


@pytest.mark.parametrize("row", CLAIMS)
async def test_every_approved_wording_may_be_said(row: int) -> None:
    say = next(each.say for each in shipped().guide if each.row == row)
    assert await claimed(f'Say: "{say}"') == []


async def test_both_claims_of_one_sentence_are_caught() -> None:
    assert set(await claimed(f'Say: "{TRAIN}" and then "{EASY}".')) >= {1, 4}


async def test_a_quoted_term_is_no_claim() -> None:
    assert await claimed('The buyer calls it "training".') == []


async def test_showing_one_claim_does_not_excuse_another() -> None:
    assert 4 in await claimed(f'Not "{TRAIN}" but "{EASY}" is what to say.')
