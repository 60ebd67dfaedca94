"""What a prompt file is, and the one line that is said of one that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prompts.document import MAX_CHARACTERS, MAX_SETTINGS, PromptFileError, parse_prompt
from tests.prompts.replicas import prompt_file

SETTINGS = "model: small-model\nmax_tokens: 100"


def file(settings: str = SETTINGS, text: str = "Answer in one line.") -> str:
    return f"---\n{settings}\n---\n{text}\n"


def fault(source: str) -> str:
    with pytest.raises(PromptFileError) as caught:
        parse_prompt(source)
    return str(caught.value)


def test_a_file_is_settings_and_the_text_that_a_model_is_given() -> None:
    document = parse_prompt("---\nmodel: m\nmax_tokens: 4096\neffort: xhigh\nnote: why\n---\n\n# Role\n\nAnswer.\n\n")
    assert (document.model, document.max_tokens, document.effort) == ("m", 4096, "xhigh")
    assert (document.note, document.text) == ("why", "# Role\n\nAnswer.")


def test_effort_and_note_may_be_left_out() -> None:
    document = parse_prompt(file())
    assert (document.effort, document.note) == ("medium", "")


def test_a_note_of_several_lines_is_one_line() -> None:
    assert parse_prompt(file(f"{SETTINGS}\nnote: |\n  shorter\n    answers")).note == "shorter answers"


def test_a_line_of_dashes_in_the_text_belongs_to_it() -> None:
    assert parse_prompt(file(text="before\n\n---\n\nafter")).text == "before\n\n---\n\nafter"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(prompt_file().replace("\n", "\r\n"), id="Windows"),
        pytest.param(prompt_file().replace("\n", "\r"), id="old Mac"),
        pytest.param("\ufeff" + prompt_file(), id="byte order mark"),
        pytest.param("\n\n" + prompt_file() + "\n\n", id="blank lines at its ends"),
        pytest.param(prompt_file().rstrip("\n"), id="no last line end"),
    ],
)
def test_how_a_file_was_saved_does_not_make_it_another(written: str) -> None:
    assert parse_prompt(written) == parse_prompt(prompt_file())
    assert parse_prompt(written).digest == parse_prompt(prompt_file()).digest


def test_characters_stay_as_they_are_written_even_where_they_look_alike() -> None:
    composed, decomposed = parse_prompt(file(text="caf\u00e9")), parse_prompt(file(text="cafe\u0301"))
    assert (composed.text, decomposed.text) == ("caf\u00e9", "cafe\u0301")
    assert composed.digest != decomposed.digest


@given(st.text(max_size=40), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_could_be_published_can_be_read_again_for_ever(text: str, line_end: str) -> None:
    try:
        document = parse_prompt(file(text=text).replace("\n", line_end))
    except PromptFileError:
        return
    assert parse_prompt(document.source) == document


@given(st.text(max_size=200))
def test_whatever_the_front_matter_is_a_file_is_read_or_refused_in_one_line(settings: str) -> None:
    try:
        parse_prompt(file(f"{SETTINGS}\n{settings}"))
    except PromptFileError as error:
        assert str(error).isprintable()  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ("model: m", "its front matter lacks max_tokens"),
        ("max_tokens: 1", "its front matter lacks model"),
        ("", "its front matter holds no 'name: value' lines"),
        ("just words", "its front matter holds no 'name: value' lines"),
        ("- model", "line 2 is not a 'name: value' line: put quotation marks around the value"),
        ("model: m: n", "line 2 is not a 'name: value' line: put quotation marks around the value"),
        (f"{SETTINGS}\nnote: @all", "line 4 is not a 'name: value' line: put quotation marks around the value"),
        (f"{SETTINGS}\nnote: *all*", "line 4 is not a 'name: value' line: put quotation marks around the value"),
        ("model: [m]", "line 2 is not a 'name: value' line: put quotation marks around the value"),
        ("model: {a: b}", "line 2 is not a 'name: value' line: put quotation marks around the value"),
        ("model: !!int ''", "line 2 is not a 'name: value' line: put quotation marks around the value"),
        (
            f"{SETTINGS}\nnote: 2026-99-99",
            "its front matter is not a 'name: value' line: put quotation marks around the value",
        ),
        (f"{SETTINGS}\nmodel: other", "its front matter gives 'model' twice"),
        (
            f"{SETTINGS}\ntemperature: 1",
            "its front matter has an unknown setting 'temperature'; it takes model, max_tokens, effort, note",
        ),
        (f"{SETTINGS}\neffort: huge", "effort is 'huge'; write one of low, medium, high, xhigh, max"),
        ("model: m\nmax_tokens: 0", "max_tokens is 0; write a number from 1 to 128000"),
        ("model: m\nmax_tokens: 128001", "max_tokens is 128001; write a number from 1 to 128000"),
        ("model: m\nmax_tokens: '5'", "max_tokens is '5'; Input should be a valid integer"),
        ("model: m\nmax_tokens: yes", "max_tokens is True; Input should be a valid integer"),
        ("model: ''\nmax_tokens: 1", "model is ''; String should have at least 1 character"),
        (f'{SETTINGS}\nnote: "\\ud800"', "note is '\\ud800'; Input should be a valid string"),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: str, line: str) -> None:
    assert fault(file(settings)).startswith(line)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", "it does not begin with front matter: --- then model, max_tokens, effort, note, then ---"),
        ("Answer.", "it does not begin with front matter: --- then model, max_tokens, effort, note, then ---"),
        (
            f"---\n{SETTINGS}\n",
            "it does not begin with front matter: --- then model, max_tokens, effort, note, then ---",
        ),
        (f"---\n{SETTINGS}\n---\n \n", "nothing follows the front matter: write the sections of the system prompt"),
        (file(text="a\x00b"), "it is not text: save it as UTF-8"),
        (file(text="a\ud800b"), "it is not text: save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_prompt_is_refused_with_what_to_do(source: str, line: str) -> None:
    assert fault(source) == line


def test_a_file_of_the_greatest_length_can_be_published_and_read_again_and_one_more_is_too_many() -> None:
    longest = file(text="x" * (MAX_CHARACTERS - len(file(text="")) + 1)).rstrip("\n")
    assert len(longest) == MAX_CHARACTERS
    assert parse_prompt(parse_prompt(longest).source).source == f"{longest}\n"
    assert fault(longest + "x") == "it has 100,001 characters; at most 100,000 are taken"


def test_long_front_matter_is_refused_unread() -> None:
    line = f"its front matter has more than {MAX_SETTINGS:,} characters: close it with --- earlier"
    assert fault(file(f"{SETTINGS}\nnote: {'[' * 50_000}")) == line


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param("[{}]", id="aliases"),
        pytest.param("{{<<: [{}]}}", id="merges"),
    ],
)
def test_a_few_lines_of_yaml_cannot_fill_the_memory(bomb: str) -> None:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {bomb.format(', '.join([f'*a{n - 1}'] * 9))}" for n in range(1, 12)]
    settings = "\n".join([*lines, "model: *a11"])
    assert fault(file(settings)) == "line 2 is not a 'name: value' line: put quotation marks around the value"
