"""Each thread's adapter behaves in PEFT as the thread says, and is judged as the table says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
from _pytest.mark.structures import ParameterSet

from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.report.report import Diagnostic
from loracfg.sources.opening import open_sources
from tests.threads.cases import THREADS, Outcome, Thread
from tests.threads.making import Given, edit, quiet, tensors

SECOND: Final = r"\.lora_(embedding_)?B"
"""The factor that is zero where PEFT finds no values."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("threads")


@cache
def made(thread: Thread, root: Path) -> Given:
    folder = root / thread.id
    folder.mkdir(exist_ok=True)
    module = import_module(f"tests.threads.{thread.made_in}")
    with quiet():
        given: Given = getattr(module, thread.id)(folder)
    return given


def sayings(given: Given) -> Iterator[str]:
    options = Options(
        base=str(given.base) if given.base else None,
        runtimes=(given.engine,) if given.engine else (),
        data=given.data,
        pattern_seconds=0.3,
    )
    (source,) = open_sources(Path(given.path))  # as it is loaded, without a search below it
    yield from map(saying, Engine(options).open_source(source).report.diagnostics)


def saying(found: Diagnostic) -> str:
    words = f"{found.message} | {found.help}"
    return f"{found.code} {found.severity} {found.location.file}: {words}"


def marked(thread: Thread) -> ParameterSet:
    marks = [pytest.mark.xfail(strict=True, reason=thread.says)] if thread.is_open else []
    return pytest.param(thread, marks=marks, id=thread.id)


@pytest.mark.parametrize("thread", [marked(thread) for thread in THREADS])
def test_thread_is_found(thread: Thread, root: Path) -> None:
    said = list(sayings(made(thread, root)))
    assert any(re.match(thread.expected, line) for line in said), said
    assert not thread.never or not any(re.search(thread.never, line) for line in said), said


@pytest.mark.parametrize("thread", [t for t in THREADS if t.peft], ids=lambda t: t.id)
def test_peft_does_what_the_thread_says(thread: Thread, root: Path) -> None:
    assert outcome(made(thread, root)) == thread.peft


def test_advice_is_what_peft_needs(root: Path, tmp_path: Path) -> None:
    """With the tower excluded as LC617 says, PEFT applies all that was saved."""
    (thread,) = (one for one in THREADS if one.id == "ms_swift_6481")
    given = made(thread, root)
    (said,) = (line for line in sayings(given) if line.startswith("LC617"))
    (pattern,) = re.findall(r"`exclude_modules` set to `(.+)`", said)
    copy = shutil.copytree(given.path, tmp_path / "adapter")
    edit(copy, exclude_modules=pattern)
    assert outcome(given._replace(path=copy)) == "applies all"


def outcome(given: Given) -> Outcome:
    """Return what PEFT does with the adapter, by the layers whose factors it fills."""
    import peft

    try:
        with quiet():
            model = peft.PeftModel.from_pretrained(given.model(), str(given.path))
    except Exception:  # whatever is raised is an answer
        return "refuses"
    layers = [p for name, p in model.named_parameters() if re.search(SECOND, name)]
    applied = sum(bool((p != 0).any()) for p in layers)
    if not applied or not any(scales(model)):
        return "applies none"
    saved = sum(bool(re.search(SECOND, name)) for name in tensors(given.path))
    return "applies all" if applied == len(layers) == saved else "applies some"


def scales(model: Any) -> Iterator[float]:
    for module in model.modules():
        if hasattr(module, "lora_B"):
            yield from module.scaling.values()


def test_threads_are_new_and_many() -> None:
    assert len({thread.thread for thread in THREADS}) == len(THREADS) >= 30
    assert all(thread.says and thread.cause.endswith(".") for thread in THREADS)
