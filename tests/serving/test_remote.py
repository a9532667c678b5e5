"""Adapters on other machines, as the plugin for vLLM resolves them: in a store, and on a Hub."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.serving.vllm.decisions import Decision, Decisions
from loracfg.serving.vllm.settings import PREFIX, read_gate_settings
from tests.hub_server import Hub, Repo, serving
from tests.serving.folders import BASE, EXAMPLES, SOUND

WEIGHTS: Final = "adapter_model.safetensors"
ASK: Final = """
import json, os, sys
from loracfg.serving.vllm.decisions import Decisions
from loracfg.serving.vllm.settings import read_gate_settings
job = json.load(sys.stdin)
gate = Decisions(read_gate_settings(os.environ), job["base"], "0.33.0")
found = {}
for name in job["ask"]:
    decision = gate.decide(name)
    verdict = decision.verdict
    found[name] = [verdict and verdict.answer, verdict and verdict.code, str(decision.path)]
print(json.dumps(found))
"""


def files_of(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.fixture
def memory() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec", reason="stores are read with it")
    store = fsspec.filesystem("memory")
    store.store.clear()
    for name, folder in (("sound", SOUND), ("broken", EXAMPLES / "edited-adapter")):
        for file, data in files_of(folder).items():
            store.pipe_file(f"/models/{name}/{file}", data)
    store.pipe_file("/models/notes/README.md", b"words")
    yield store
    store.store.clear()


@pytest.fixture
def gate(memory: Any, tmp_path: Path) -> Decisions:
    named = {PREFIX + "STORES": "memory://models", PREFIX + "CACHE": str(tmp_path / "cache")}
    return Decisions(read_gate_settings(named), str(BASE), "0.33.0")


def test_what_passes_is_downloaded_from_a_store(gate: Decisions, tmp_path: Path) -> None:
    decision = gate.decide("sound")
    assert decision.loads
    assert decision.path is not None
    assert decision.path.parent == tmp_path / "cache"
    assert files_of(decision.path) == files_of(SOUND)
    assert gate.decide("sound").path == decision.path


def test_what_is_refused_is_not_downloaded(gate: Decisions, memory: Any, tmp_path: Path) -> None:
    decision = gate.decide("broken")
    assert decision.verdict is not None
    assert (decision.verdict.answer, decision.verdict.code) == ("refused", "LC503")
    assert list((tmp_path / "cache").iterdir()) == []
    memory.rm("/models/broken", recursive=True)  # asked again at once, the answer is kept
    assert gate.decide("broken") == decision


@pytest.mark.parametrize(
    "name", ["missing", "notes", "../models/sound", "sound?x", "sound#x", "a b"]
)
def test_what_is_not_in_a_store_is_not_found(gate: Decisions, name: str) -> None:
    assert gate.decide(name) == Decision()


def test_a_store_that_fails_is_a_failure(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="stores are read with it")
    named = {PREFIX + "STORES": "nosuchscheme://models", PREFIX + "CACHE": str(tmp_path)}
    decision = Decisions(read_gate_settings(named), str(BASE), "0.33.0").decide("sound")
    assert decision.verdict is not None
    assert decision.verdict.answer == "failed"


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    pytest.importorskip("huggingface_hub", reason="the Hub is read through it")
    pytest.importorskip("httpx2", reason="the Hub is read with it")
    sound = files_of(SOUND)
    inside = {f"inside/{name}": data for name, data in sound.items()}
    repos = {
        "org/sound": Repo(sound),
        "org/inside": Repo(inside),
        "org/broken": Repo(files_of(EXAMPLES / "edited-adapter")),
        "org/denied": Repo(refused=(403, "GatedRepo")),
        "other/sound": Repo(sound),
    }
    with serving(repos) as server:
        yield server


def ask(hub: Hub, cache: Path, *names: str, **variables: str) -> Mapping[str, list[str | None]]:
    """Decide about names in a process of its own, in which the client sees the server."""
    named = {PREFIX + name: value for name, value in variables.items()}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        input=json.dumps({"base": str(BASE), "ask": names}),
        capture_output=True,
        text=True,
        check=True,
        env=hub.surroundings(cache, **named),
    )
    found: dict[str, list[str | None]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_the_hub_is_asked_for_what_patterns_allow(hub: Hub, tmp_path: Path) -> None:
    names = ["org/sound", "org/inside/inside", "org/broken", "org/denied", "org/missing"]
    hub.requests.clear()
    found = ask(hub, tmp_path, *names, "other/sound", "org", HUB="org/*", ONLINE="1")
    assert found["org/sound"][0] == "passed"
    assert found["org/inside/inside"][0] == "passed"
    assert found["org/broken"][:2] == ["refused", "LC503"]
    assert found["org/denied"][0] == "failed"
    assert found["org/missing"][0] is None
    assert found["other/sound"][0] is None
    assert found["org"][0] is None
    assert not any("/other/" in path for _, path, _ in hub.requests)
    assert files_of(Path(str(found["org/sound"][2]))) == files_of(SOUND)
    cached = {one.name for one in tmp_path.rglob("models--*") if one.is_dir()}
    assert "models--org--broken" not in cached
    hub.requests.clear()
    offline = ask(hub, tmp_path, "org/sound", "org/broken", HUB="org/*")
    assert offline["org/sound"] == found["org/sound"]
    assert offline["org/broken"][0] is None
    assert hub.requests == []
