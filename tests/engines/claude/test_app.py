"""The whole product before the server that plays the API: wired by its settings, as a process."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build
from bot.core.replies import EngineName
from bot.settings import Settings
from tests.claude.behaviours import Fails
from tests.claude.client import KEY
from tests.claude.server import MessagesApi
from tests.engines.claude.knowing import shipped
from tests.engines.claude.reviewing import SAFE, TRAIN

ROOT = Path(__file__).parents[3]
QUESTION = "What does LoRA reduce?"


async def coach(api: MessagesApi, folder: Path, *arguments: str, status: int = 0) -> dict[str, object]:
    """Runs the real command line with a key and the server's address, and gives the JSON that it prints."""
    settings = {
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_BASE_URL": api.url,
        "COACH_KNOWLEDGE_DIR": str(ROOT / "knowledge"),
        "COACH_PROMPTS_DIR": str(ROOT / "prompts"),
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == status, err
    assert KEY.encode() not in out + err
    told = json.loads(out)
    assert isinstance(told, dict)
    return told


async def test_a_question_is_answered_by_the_model_with_exact_quotes(api: MessagesApi, tmp_path: Path) -> None:
    told = await coach(api, tmp_path, "ask", "--json", QUESTION)
    assert (told["engine"], told["model"], told["covered"]) == ("claude", "claude-sonnet-5-5", True)
    known = {sentence.text for passage in shipped().passages for sentence in passage.sentences}
    known |= {cell for row in shipped().guide for cell in (row.dont_say, row.say, row.why)}
    citations = told["citations"]
    assert isinstance(citations, list)
    assert citations
    assert {citation["quote"] for citation in citations} <= known
    assert [asked.kind for asked in api.requests] == ["answer"]


async def test_a_draft_is_rewritten_with_the_model(api: MessagesApi, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(f"Hi Ann,\n\n{TRAIN}\n", encoding="utf-8")
    told = await coach(api, tmp_path, "review", "--json", "draft.txt", status=1)
    assert told["engine"] == "claude"
    rewritten = told["rewritten"]
    assert isinstance(rewritten, str)
    assert SAFE in rewritten
    assert [asked.kind for asked in api.requests] == ["rewrite"]


async def test_when_the_model_fails_the_lessons_answer_and_say_why(api: MessagesApi, tmp_path: Path) -> None:
    api.default = Fails(401, "authentication_error")
    told = await coach(api, tmp_path, "ask", "--json", QUESTION)
    assert (told["engine"], told["covered"], told["fallback"]) == ("lessons", True, "denied")


async def test_without_a_key_nobody_is_asked(api: MessagesApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    engine = build(Settings(anthropic_base_url=api.url)).engine
    assert engine.name is EngineName.LESSONS
    with_key = build(Settings(anthropic_api_key=SecretStr(KEY), anthropic_base_url=api.url)).engine
    assert with_key.name is EngineName.CLAUDE
    await with_key.close()
    assert api.requests == []
