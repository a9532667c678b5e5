"""A declared format with a renderer is offered everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Final

import pytest
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from loracfg.report.formats import FORMATS
from tests.cli.running import ROOT

DECLARED: Final = """
import json, sys
from types import ModuleType
from loracfg.report import formats

renderer = ModuleType("loracfg.report.render.counting")
renderer.render = lambda report: f"{len(report.adapters)} judged\\n"
sys.modules[renderer.__name__] = renderer
added = "counts", "the number of adapters", "text/x-count", "counting"
formats.FORMATS = {**formats.FORMATS, "counts": formats.Format(*added, by_accept=True)}
"""
USED: Final = """
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings
from tests.cli.running import call

with TestClient(create_app(Settings(access_log=False))) as client:
    named = client.post("/validate?format=counts", json={"config": "{}"})
    accepted = client.post("/validate", json={"config": "{}"}, headers={"Accept": "text/x-count"})
    operation = client.get("/openapi.json").json()["paths"]["/validate"]["post"]
print(json.dumps({
    "printed": call("validate", "docs/examples/adapter", "--format", "counts").out,
    "help": call("validate", "--help").out,
    "named": named.text,
    "accepted": [accepted.text, accepted.headers["content-type"]],
    "offered": operation["parameters"][0]["schema"]["enum"],
    "answers": list(operation["responses"]["200"]["content"]),
}))
"""


@pytest.mark.slow
def test_a_format_that_is_declared_is_offered_everywhere() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DECLARED + USED],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["printed"] == found["named"] == "1 judged\n"
    assert found["accepted"] == ["1 judged\n", "text/x-count; charset=utf-8"]
    assert re.search(r"\n +counts +the number of adapters\n", found["help"])
    assert found["offered"] == [*FORMATS, "counts"]
    assert "text/x-count" in found["answers"]


def test_the_document_lists_formats_and_media_types() -> None:
    document = create_app(Settings(access_log=False)).openapi()
    operation = document["paths"]["/validate"]["post"]
    (parameter,) = operation["parameters"]
    assert parameter["schema"]["enum"] == [*FORMATS]
    answers = operation["responses"]["200"]["content"]
    assert answers.keys() == {one.media_type for one in FORMATS.values()}
