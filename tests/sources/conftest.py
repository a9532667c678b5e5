"""The base of the adapters, as a folder, and a web server for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import write_base
from tests.web_server import WebServer, serving_web


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("base") / "base")


@pytest.fixture(scope="module")
def served() -> Iterator[WebServer]:
    with serving_web() as server:
        yield server


@pytest.fixture
def server(served: WebServer) -> WebServer:
    served.files.clear()
    served.asked.clear()
    return served
