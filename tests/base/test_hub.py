"""Bases by id: reading the cache of the real client, and errors of the Hub."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import huggingface_hub
import pytest
from huggingface_hub import constants
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id
from hypothesis import given
from hypothesis import strategies as st

from loracfg.base.finding.hub import find_base
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, ResolvedBase
from loracfg.report.fault import Fault
from loracfg.sources.hub.cache import cache_folder, cached_commit
from loracfg.sources.hub.repo_id import ModelId, parse_id
from tests.base.headers import llama, write_checkpoint
from tests.hub_server import MAIN, OLD, Hub, Repo, serving

CONFIG: Final = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8}
Q_PROJ: Final = "model.layers.0.self_attn.q_proj"
GONE: Final = "f" * 40


def config(**more: Any) -> bytes:
    return json.dumps(CONFIG | more).encode()


@dataclass(frozen=True)
class Cached:
    """A Hub, and a cache that the client has filled from it."""

    hub: Hub
    cache: Path


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("checkpoint") / "model.safetensors"
    write_checkpoint(path, llama(layers=1, hidden=8))
    return path.read_bytes()


@pytest.fixture(scope="module")
def filled(checkpoint: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cached]:
    cache = tmp_path_factory.mktemp("hf") / "hub"
    revisions = {"main": MAIN, "v1": OLD, "refs/pr/1": OLD, "v2": GONE}
    repos = {
        "org/whole": Repo({"config.json": config(), "model.safetensors": checkpoint}, revisions),
        "short": Repo({"config.json": config()}),
        "org/weights": Repo({"config.json": config(), "model.safetensors": checkpoint}),
        "org/bare": Repo({"README.md": b""}),
        "org/adapter": Repo({"adapter_config.json": b"{}", "config.json": b'{"peft_type": ""}'}),
        "org/gated": Repo(refused=(401, "GatedRepo")),
        "org/forbidden": Repo(refused=(403, "GatedRepo")),
        "org/denied": Repo(refused=(401, "")),
        "org/locked": Repo(refused=(403, "")),
        "org/down": Repo(refused=(503, "")),
        "org/huge": Repo({"config.json": b"{}"}, headers={"X-Linked-Size": "1000000000"}),
        "org/other": Repo({"config.json": b"{}"}, headers={"X-Repo-Commit": ""}),
        "org/slow": Repo({"config.json": b"{}"}, hangs=True),
    }
    with serving(repos) as hub:
        hub.download(
            cache,
            ("org/whole", "main", "config.json"),
            ("org/whole", "main", "model.safetensors"),
            ("org/whole", "v1", "config.json"),
            ("org/whole", "v1", "model.safetensors"),
            ("org/whole", "refs/pr/1", "config.json"),
            ("short", MAIN, "config.json"),
            ("org/weights", "main", "model.safetensors"),
            ("org/bare", "main", "config.json"),
            ("org/adapter", "main", "config.json"),
        )
        hub.requests.clear()
        yield Cached(hub, cache)
        assert [path for _, path, _ in hub.requests if "whole" in path] == []


@pytest.fixture
def cache(filled: Cached, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(filled.cache))
    return filled.cache


def only(faults: list[Fault] | tuple[Fault, ...]) -> Fault:
    (fault,) = faults
    return fault


ids: Final = st.one_of(
    st.text("ab1-_./é\n", max_size=12),
    st.lists(st.sampled_from(["a" * 96, "b", "--", "..", ".git", "/", "-", "."])).map("".join),
)


@given(ids)
def test_ids_are_those_that_the_client_accepts(text: str) -> None:
    try:
        validate_repo_id(text)
    except HFValidationError:
        assert parse_id(text) is None
    else:
        assert parse_id(text) == ModelId(text, "main")


def test_the_revision_follows_the_first_at_sign() -> None:
    assert parse_id("org/name@a@b") == ModelId("org/name", "a@b")
    assert parse_id("name@") == ModelId("name", "")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"XDG_CACHE_HOME": "/xdg"},
        {"XDG_CACHE_HOME": "/xdg", "HF_HOME": "~/hf"},
        {"HF_HOME": "/hf", "HUGGINGFACE_HUB_CACHE": "/old"},
        {"HF_HOME": "/hf", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "$SCRATCH/new"},
        {"HF_HOME": "${SCRATCH}/hf"},
        {"HF_HOME": ""},
        {"HF_HUB_CACHE": "relative/hub"},
    ],
    ids=str,
)
def test_the_cache_is_in_the_same_place_as_the_clients(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "HF_HOME", "HUGGINGFACE_HUB_CACHE", "HF_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"SCRATCH": "/scratch"} | settings).items():
        monkeypatch.setenv(name, value)
    anew = runpy.run_path(constants.__file__)
    assert cache_folder() == Path(anew["HF_HUB_CACHE"])


@pytest.mark.parametrize("repo", ["org/whole", "short", "org/weights", "org/bare", "org/none"])
@pytest.mark.parametrize("revision", ["main", "v1", "refs/pr/1", "v2", MAIN, OLD, MAIN[:8], GONE])
def test_the_cache_is_read_like_by_the_client(repo: str, revision: str, cache: Path) -> None:
    path = huggingface_hub.try_to_load_from_cache(repo, "config.json", cache, revision)
    files, faults = find_base(f"{repo}@{revision}")

    if isinstance(path, str):
        assert faults == []
        assert files is not None
        assert files.folder == Path(path).parent
        assert files.name == f"{repo}@{files.folder.name}"
        assert files.config == CONFIG
    else:
        assert files is None or files.config is None
        assert "`--base`" in only(faults).help
        absent = path is not None  # the client's mark for a file that does not exist
        assert absent == (only(faults).kind == "base-id-no-config")


def test_a_snapshot_is_a_folder_with_its_checkpoint(cache: Path) -> None:
    found = resolve_base(BaseRequest(named="org/whole", paths=frozenset({Q_PROJ})))

    assert found.certain
    assert found.architecture is not None
    assert found.architecture.source == "checkpoint"
    assert found.name == f"org/whole@{MAIN}"
    assert (cache / "models--org--whole/snapshots" / MAIN / "config.json").is_symlink()


def test_a_class_that_cannot_be_built_is_a_fault_of_the_snapshot(cache: Path) -> None:
    found = resolve_base(BaseRequest(named="org/whole", class_name="LlamaForPoetry"))

    assert only(found.faults).kind == "base-class"
    snapshot = cache / "models--org--whole" / "snapshots" / MAIN
    assert only(found.faults).location.file == str(snapshot)


def test_a_checkpoint_without_config_is_used_as_far_as_it_goes(cache: Path) -> None:
    found = resolve_base(BaseRequest(named="org/weights", paths=frozenset({Q_PROJ})))

    assert found.architecture is not None
    assert not found.certain
    assert only(found.faults).kind == "base-config-missing"
    assert "`--online`" in only(found.faults).help


def test_an_adapter_in_the_cache_is_not_a_base(cache: Path) -> None:
    assert only(find_base("org/adapter")[1]).kind == "base-is-adapter"


def test_a_local_folder_comes_first(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "org/whole").mkdir(parents=True)
    (tmp_path / "org/whole/config.json").write_bytes(config(hidden_size=16))
    monkeypatch.chdir(tmp_path)
    files, faults = find_base("org/whole")

    assert faults == []
    assert files is not None
    assert (files.name, files.folder) == ("org/whole", Path("org/whole"))


def fallback(name: str, **more: Any) -> ResolvedBase:
    return resolve_base(BaseRequest(fallback=name, paths=frozenset({Q_PROJ}), **more))


@pytest.mark.parametrize(("revision", "commit"), [(None, MAIN), ("", MAIN), ("v1", OLD)])
def test_the_base_has_the_revision_in_the_config(
    revision: str | None, commit: str, cache: Path
) -> None:
    found = fallback("org/whole", revision=revision)

    assert found.faults == ()
    assert found.name == f"org/whole@{commit}"


@pytest.mark.parametrize(
    ("name", "revision", "reason"),
    [
        ("org/none", None, "`org/none` is neither a local folder nor in the local cache"),
        ("org/whole", "v3", "the local cache has `org/whole`, but not its revision `v3`"),
        ("org/whole", "../../x", "`../../x` is not a valid revision of `org/whole`"),
        ("org/bare", None, "`org/bare` has no `config.json` on the Hub at `main`"),
        ("org/adapter", None, "`org/adapter`: this is an adapter, not a base model"),
        ("/home/me/models/Llama", None, "`/home/me/models/Llama` is not a local folder"),
    ],
)
def test_a_base_of_the_adapter_that_is_not_found_is_a_reason(
    name: str, revision: str | None, reason: str, cache: Path
) -> None:
    found = fallback(name, revision=revision)

    assert found.architecture is None
    assert found.faults == ()
    assert found.name is None
    assert len(found.not_checked) == 1
    assert reason in found.not_checked[0]


def test_shards_that_are_not_cached_are_a_reason_if_the_adapter_names_the_base(
    filled: Cached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(filled.cache, tmp_path / "hub", symlinks=True)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot = tmp_path / "hub/models--org--whole/snapshots" / MAIN
    (snapshot / "model.safetensors").unlink()
    index = {"weight_map": {f"{Q_PROJ}.weight": "model-00001-of-00002.safetensors"}}
    (snapshot / "model.safetensors.index.json").write_text(json.dumps(index))
    found = resolve_base(BaseRequest(fallback="org/whole"), ())

    assert found.architecture is None
    assert found.faults == ()
    assert any("model-00001-of-00002.safetensors" in reason for reason in found.not_checked)


OUTSIDE: Final = (
    *("..", "../secret", "a/../../secret", "refs/../main", "/etc", "a//b", "a/", ".hidden", ""),
    *("a\\b", "C:x", "\0", "a b", "x" * 300),
)


@pytest.mark.parametrize("revision", OUTSIDE)
def test_a_revision_cannot_leave_the_cache(revision: str, cache: Path) -> None:
    assert only(find_base(f"org/whole@{revision}")[1]).kind == "base-id-revision"


@pytest.mark.parametrize(
    "name", ["../secret", "org/../secret", "a/b/c", "org\\name", "-x/y", "models--org--whole"]
)
def test_a_path_is_not_an_id(name: str, cache: Path) -> None:
    assert only(find_base(name)[1]).kind == "base-not-found"


@pytest.mark.parametrize(
    "ref", ["../../../secret", "/secret", "", MAIN + "\n", "\xff" * 40, "x" * 10**6, ".."]
)
def test_a_ref_cannot_leave_the_cache(
    ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = tmp_path / "hub" / "models--org--name"
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "config.json").write_bytes(config())
    (repo / "snapshots" / MAIN).mkdir(parents=True)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(ref, encoding="latin-1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    files, faults = find_base("org/name")

    assert files is None
    assert only(faults).kind == "base-id-not-cached"


@pytest.mark.parametrize("revision", ["{}/secret", "../../../../secret", "{}/../secret"])
def test_the_cache_looks_up_no_revision_that_is_a_path(revision: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(MAIN)
    repo = tmp_path / "hub/models--org--name"
    (repo / "refs").mkdir(parents=True)
    assert cached_commit(ModelId("org/name", revision.format(tmp_path)), repo) is None


def test_a_dead_link_to_a_blob_is_not_a_config(
    filled: Cached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(filled.cache, tmp_path / "hub", symlinks=True)
    shutil.rmtree(tmp_path / "hub/models--short/blobs")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))

    assert only(find_base(f"short@{MAIN}")[1]).kind == "base-config-missing"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the super-user may read everything"
)
def test_a_cache_that_cannot_be_read_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models--gpt2").mkdir(mode=0)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    kind = only(find_base("gpt2")[1]).kind
    assert kind in ("base-unreadable", "base-id-not-cached")  # newer `Path.is_file` never raises


REFUSED: Final = {
    "org/nowhere": ("the Hub has no model `org/nowhere`", "check the id, or set `HF_TOKEN`"),
    "org/denied": ("the Hub answered with status 401", "set `HF_TOKEN`"),
    "org/gated": ("`org/gated` is gated on the Hub", "accept its terms there"),
    "org/forbidden": ("`org/forbidden` is gated on the Hub", "accept its terms there"),
    "org/locked": ("the Hub answered with status 403", "set `HF_TOKEN`"),
    "org/down": ("the Hub answered with status 503", "check the network"),
    "org/whole@v9": ("`org/whole` has no revision `v9` on the Hub", "use an existing branch"),
    "org/bare": ("`org/bare` has no `config.json` on the Hub at `main`", "pass the folder"),
    "org/huge": ("the `config.json` of `org/huge` has 1000000000 bytes", "check the id"),
    "org/other": ("the Hub did not send the `config.json` of `org/other`", "check the network"),
    "org/slow": ("the Hub did not answer for `org/slow` in time", "check the network"),
}


@pytest.fixture(scope="module")
def refused(filled: Cached, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return all errors from one process, since the client takes a second to start."""
    code = (
        "import json, sys\n"
        "from loracfg.base.finding.hub import find_base\n"
        "found = {name: find_base(name, online=True) for name in sys.argv[1:]}\n"
        "print(json.dumps({k: [f._asdict() for f in v[1]] for k, v in found.items()}))\n"
    )
    before = len(filled.hub.requests)
    done = subprocess.run(
        [sys.executable, "-c", code, *REFUSED],
        env=filled.hub.surroundings(tmp_path_factory.mktemp("empty") / "hub"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    asked = filled.hub.requests[before:]
    assert ("GET", "/org/huge/resolve/main/config.json", "") not in asked
    filled.hub.requests[before:] = []
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", REFUSED)
def test_errors_of_the_hub_are_faults(name: str, refused: dict[str, Any]) -> None:
    (fault,) = refused[name]
    message, advice = REFUSED[name]
    assert fault["kind"] == "base-id-not-fetched"
    assert message in fault["message"]
    assert advice in fault["help"]
    assert "Traceback" not in fault["message"]
    assert "\n" not in fault["message"]
