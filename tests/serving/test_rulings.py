"""What the gate of a cluster rules, without a server."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.engine.caches import Caches
from loracfg.engine.options import Options
from loracfg.serving.admission.controller import AdmissionController, AdmissionPolicy
from loracfg.serving.admission.places import Places
from loracfg.serving.admission.review import ReviewRequest, Ruling
from tests.serving.folders import BASE, write_sound
from tests.serving.resources import Resource, aibrix, kserve, stack

BASE_ID: Final = "example/llama-tiny"
"""What the config of the adapter names."""
COMMIT: Final = "0123456789" * 4


def cached(hub: Path, repo: str, folder: Path, *revisions: str) -> None:
    """Write a folder as the commit of a repository in the cache of the Hub."""
    at = hub / f"models--{repo.replace('/', '--')}"
    (at / "refs").mkdir(parents=True)
    for revision in revisions:
        (at / "refs" / revision).write_text(COMMIT)
    shutil.copytree(folder, at / "snapshots" / COMMIT)


@pytest.fixture
def adapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of adapters, and a cache that has one of them and the base."""
    folder = tmp_path.resolve() / "adapters"
    sound = write_sound(folder / "sound")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    hub = tmp_path / "home" / "hub"
    cached(hub, "org/sql", sound, "main")
    cached(hub, "org/tagged", sound, "v1")
    cached(hub, BASE_ID, BASE, "main", "v2")
    return folder


def rule(adapters: Path, resource: Resource, **policy: Any) -> Ruling:
    controller = AdmissionController(
        AdmissionPolicy(**policy), Places({"s3://box": adapters}), Caches()
    )
    return controller.rule(ReviewRequest("u", "CREATE", "", resource, None))


@pytest.mark.parametrize(
    "resource",
    [
        aibrix("hf://org/sql", BASE_ID),
        aibrix("hf://org/tagged:v1", BASE_ID),
        aibrix("huggingface://org/tagged:v1", f"hf://{BASE_ID}"),
        aibrix("s3://box/sound", f"hf://{BASE_ID}:v2"),
        aibrix("s3://box/sound", f"{BASE_ID}@v2"),
        stack(BASE_ID, type="huggingface", repository="org/sql"),
        stack(BASE_ID, type="huggingface", repository="hf://org/sql"),
    ],
)
def test_adapters_and_bases_in_the_cache_of_the_hub_are_judged(
    adapters: Path, resource: Resource
) -> None:
    ruling = rule(adapters, resource)
    assert list(ruling.warnings) == []
    assert dict(ruling.annotations)["verdict"] == "passed"


@pytest.mark.parametrize("uri", ["hf://org/tagged", "hf://org/tagged:v9", "hf://org/none"])
def test_a_revision_that_is_not_cached_is_not_judged(adapters: Path, uri: str) -> None:
    assert dict(rule(adapters, aibrix(uri, BASE_ID)).annotations)["verdict"] == "failed"


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"seconds": -1.0}, "the adapters before it took too long"),
        ({"most": 0}, "only 0 adapters of a resource are judged"),
    ],
)
def test_an_adapter_beyond_a_limit_is_not_judged(
    adapters: Path, policy: dict[str, Any], words: str
) -> None:
    ruling = rule(adapters, kserve("s3://box/sound", base=BASE_ID), **policy)
    assert ruling.warnings[0].endswith(f"`s3://box/sound` could not be judged: {words}")


def test_a_rank_in_the_policy_counts_before_that_of_a_resource(adapters: Path) -> None:
    options = Options(isolated=True, runtimes=("vllm==0.33,max_lora_rank=64",))
    resource = kserve("s3://box/sound", base=BASE_ID, maxRank=1)
    assert dict(rule(adapters, resource, options=options).annotations)["verdict"] == "passed"
