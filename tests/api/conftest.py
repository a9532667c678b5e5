"""A client of an application in this process, and an adapter and its base as folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import write_adapter, write_base

pytest.importorskip("fastapi", reason="the service needs the extra `api`")

from fastapi import FastAPI  # after the check above
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.api.archives import IMPATIENT, SMALL


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which `adapter` and `base` stand, which is the working directory."""
    write_adapter(tmp_path / "adapter")
    write_base(tmp_path / "base")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(access_log=False))) as client:
        yield client


@pytest.fixture
def small() -> FastAPI:
    return create_app(SMALL)


@pytest.fixture
def impatient() -> FastAPI:
    """Return the same, for bodies that never come: on a busy machine, others do not in time."""
    return create_app(IMPATIENT)
