"""The examples of all rules on disk, and an editor that has their folder open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp.editor import Editor
from tests.lsp.examples import ExampleFolder, write_examples


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


@pytest.fixture(scope="module")
def folders(root: Path) -> list[ExampleFolder]:
    return list(write_examples(root))


@pytest.fixture(scope="module")
def editor(root: Path) -> Iterator[Editor]:
    with Editor(root) as one:
        yield one
