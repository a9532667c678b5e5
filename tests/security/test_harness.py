"""Nothing happens but what `tests/security/watch.py` allows while inputs are judged.

Each target draws some inputs in a process of its own, since a hook cannot be removed;
`python -m tests.fuzz --watch --inputs 1000000` draws more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, Final

import pytest

from tests.cli.running import ROOT

UNDERSTOOD: Final = {
    "facts": 0.3,
    "base": 0.9,
    "folder": 0.1,
    "request": 0.1,
    "config": 0.1,
    "toml": 0.1,
    "yaml": 0.05,
    "archive": 0.02,
    "pickle": 0.02,
    "safetensors": 0.02,
}
"""The least share of a target's inputs that is understood, so that something is computed of it."""
_DRAW: Final = """
import json, sys
from tests.fuzz.chunks import draw, target_of
drawn = draw(sys.argv[1], int(sys.argv[2]), 0, target_of(sys.argv[1]).seeds(), frozenset(), True)
print(json.dumps([drawn.inputs, drawn.deep, [what for what, _ in drawn.different], drawn.seconds]))
"""
_ATTACKS: Final = """
import json
from tests.security.attacks import ATTACKS
from tests.security.watch import Watched
watch = Watched()
print(json.dumps({name: watch.run(attack, b"")[1] for name, attack in ATTACKS.items()}))
"""


def _run(code: str, *arguments: str) -> Any:
    """Run code in a process of its own; return the value that it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", UNDERSTOOD)
def test_no_input_causes_an_event(name: str) -> None:
    inputs, understood, forbidden, _ = _run(_DRAW, name, os.environ.get("SEED", "0"))
    assert forbidden == []
    assert understood >= UNDERSTOOD[name] * inputs


def test_the_hook_reports_what_is_forbidden() -> None:
    for name, wrong in _run(_ATTACKS).items():
        assert any(name in said for said in wrong), (name, wrong)


def test_all_targets_are_drawn() -> None:
    from tests.fuzz.chunks import TARGETS

    assert UNDERSTOOD.keys() == TARGETS.keys()
