"""The entry point of the plugin for vLLM where vLLM cannot be imported, or settings are wrong."""

from __future__ import annotations

import importlib.util
import logging

import pytest

from loracfg.serving.vllm.plugin import register

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("vllm") is not None, reason="tests/serving/test_vllm.py asks vLLM"
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROOTS", "STORES", "HUB", "ON_FAILURE"):
        monkeypatch.delenv(f"LORACFG_VLLM_{name}", raising=False)


def test_without_a_place_it_does_nothing(caplog: pytest.LogCaptureFixture) -> None:
    register()
    assert caplog.records == []


@pytest.mark.parametrize(
    ("on_failure", "message"),
    [
        ("refuse", "loracfg refuses all LoRA adapters: "),
        ("load", "loracfg does not judge LoRA adapters: "),
    ],
)
@pytest.mark.parametrize(
    ("root", "why"), [("/", "ModuleNotFoundError: No module named 'vllm'"), ("a", "`a` ")]
)
def test_what_goes_wrong_is_logged(
    root: str,
    why: str,
    on_failure: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("LORACFG_VLLM_ROOTS", root)
    monkeypatch.setenv("LORACFG_VLLM_ON_FAILURE", on_failure)
    register()
    errors = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert any(one.startswith(message) and why in one for one in errors)
