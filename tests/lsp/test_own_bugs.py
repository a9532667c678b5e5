"""A bug of ours while something is shown bothers no user."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol.types import CompletionParams, Position, TextDocumentIdentifier

from loracfg.crash import VARIABLE
from loracfg.lsp.buffers import Buffer
from loracfg.lsp.editor_answers import EditorAnswers
from loracfg.lsp.language_server import language_server
from loracfg.lsp.project_lookup import ProjectLookup
from loracfg.lsp.session import Session


def test_completion_offers_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Session, uri: str) -> Buffer:
        raise RuntimeError(uri)

    monkeypatch.setattr(Session, "buffer", broken)
    monkeypatch.setenv(VARIABLE, "1")
    answers = EditorAnswers(*language_server(ProjectLookup(is_isolated=True)))
    params = CompletionParams(TextDocumentIdentifier("file:///x"), Position(0, 0))
    assert asyncio.run(answers.completions(params)).items == []
    assert "RuntimeError: file:///x" in capsys.readouterr().err
