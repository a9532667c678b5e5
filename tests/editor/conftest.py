"""The language service with the editor schema for every `adapter_config.json`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.service import HERE, Service
from tests.npm import installed

SCHEMA = Path(__file__).resolve().parents[2] / "schema" / "adapter_config.schema.json"


@pytest.fixture(scope="session")
def packages() -> Path:
    return installed(HERE)


@pytest.fixture(scope="session")
def service(packages: Path) -> Iterator[Service]:
    mapping = {"fileMatch": ["**/adapter_config.json"], "uri": SCHEMA.as_uri()}
    with Service(packages, [mapping]) as started:
        yield started
