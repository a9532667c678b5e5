"""What the gate of a cluster rules on resources, asked without a cluster."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from loracfg.engine.caches import Caches
from loracfg.engine.options import Options
from loracfg.serving.admission.controller import (
    AdmissionController,
    AdmissionPolicy,
    Mode,
    OnFailure,
    with_rank,
)
from loracfg.serving.admission.places import Places
from loracfg.serving.admission.review import ReviewRequest, Ruling
from tests.serving.folders import BASE, EXAMPLES, write_sound
from tests.serving.resources import Resource, aibrix, kserve, stack

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def adapters(tmp_path: Path) -> Path:
    write_sound(tmp_path / "sound")
    shutil.copytree(EXAMPLES / "edited-adapter", tmp_path / "edited")
    return tmp_path.resolve()


def controller_of(adapters: Path, policy: AdmissionPolicy) -> AdmissionController:
    places = Places({"s3://box": adapters, "llama": BASE.resolve()})
    return AdmissionController(policy, places, Caches())


def rule(controller: AdmissionController, resource: Resource) -> Ruling:
    return controller.rule(ReviewRequest("u", "CREATE", "", resource, None))


def test_what_cannot_be_judged_is_no_invalid_resource(adapters: Path) -> None:
    """A client may try again after a 503, but not after a 422."""
    controller = controller_of(adapters, AdmissionPolicy(on_failure="deny"))
    codes = [rule(controller, aibrix(f"s3://box/{name}")).code for name in ("missing", "edited")]
    assert codes == [503, 422]


def test_what_there_is_no_time_for_is_not_judged(adapters: Path) -> None:
    policy = AdmissionPolicy(seconds=-1)
    ruling = rule(controller_of(adapters, policy), kserve("s3://box/sound", "s3://box/edited"))
    assert ruling.allowed
    assert ruling.warnings[-1] == (
        "spec.model.lora.adapters[1].uri: `s3://box/edited` could not be judged: "
        "the adapters before it took too long"
    )


@pytest.mark.parametrize("on_failure", ["allow", "deny"])
@pytest.mark.parametrize("mode", ["deny", "warn"])
def test_more_adapters_than_are_judged_are_refused(
    adapters: Path, mode: Mode, on_failure: OnFailure
) -> None:
    policy = AdmissionPolicy(mode, on_failure, most=2)
    controller = controller_of(adapters, policy)
    names = [f"s3://box/{name}" for name in ("sound", "sound", "edited")]
    ruling = rule(controller, kserve(*names))
    assert (ruling.allowed, ruling.code) == ((False, 422) if mode == "deny" else (True, 0))
    (said,) = ruling.warnings or [ruling.message]
    assert said.startswith("the resource names 3 adapters to judge, more than the 2 that ")
    assert dict(ruling.annotations)["verdict"] == "refused"
    assert rule(controller, kserve(*names[:2])).allowed


def test_a_long_uri_leaves_room_for_the_reason(adapters: Path) -> None:
    """Of its 3 MB, the beginning is shown."""
    controller = controller_of(adapters, AdmissionPolicy(on_failure="deny"))
    uri = "s3://other/" + "a" * 3_000_000
    ruling = rule(controller, kserve(uri, base=uri))
    assert ruling.message.endswith(
        "could not be judged: it is neither below a place of this service nor in its cache of the "
        "Hub"
    )
    assert len(ruling.message) < 256
    assert len(ruling.warnings[0]) < 256


def test_many_bases_and_ranks_have_their_own_gates(adapters: Path) -> None:
    """More than are kept; the first is made again."""
    options = Options(isolated=True, runtimes=("vllm==0.33",))
    controller = controller_of(adapters, AdmissionPolicy(options=options))
    ranks = {1: 422, **dict.fromkeys((8, 16, 32, 64, 128, 256, 320, 512), 0)}
    bases = [f"s3://box/base{number}" for number in range(4)]
    for base in bases:
        shutil.copytree(BASE, adapters / base.rpartition("/")[2])
    for base in (*bases, bases[0]):
        found = {
            rank: rule(controller, kserve("s3://box/sound", base=base, maxRank=rank)).code
            for rank in ranks
        }
        assert found == ranks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vllm==0.33", "vllm==0.33,max_lora_rank=8"),
        ("vllm,max_lora_rank=16", "vllm,max_lora_rank=16"),
        ("sglang", "sglang"),
        ("tgi", "tgi"),
    ],
)
def test_the_rank_is_that_of_engines_with_such_a_limit(text: str, expected: str) -> None:
    assert with_rank(text, 8) == expected


@pytest.mark.parametrize("runtimes", [(), ("sglang",)])
def test_the_rank_of_a_resource_counts_whatever_engine_is_asked(
    adapters: Path, runtimes: tuple[str, ...]
) -> None:
    shutil.copytree(BASE, adapters / "base")
    options = Options(isolated=True, runtimes=runtimes)
    controller = controller_of(adapters, AdmissionPolicy(options=options))
    refused = rule(controller, kserve("s3://box/sound", base="s3://box/base", maxRank=2))
    assert (refused.code, "LC913" in refused.message) == (422, True)
    assert rule(controller, kserve("s3://box/sound", base="s3://box/base", maxRank=4)).code == 0
    assert rule(controller, kserve("s3://box/sound", base="s3://box/base")).code == 0
    kept = Options(isolated=True, runtimes=("vllm==0.33,max_lora_rank=16",))
    controller = controller_of(adapters, AdmissionPolicy(options=kept))
    assert rule(controller, kserve("s3://box/sound", base="s3://box/base", maxRank=2)).code == 0


def snapshot(cache: Path, repo: str, ref: str, source: Path) -> None:
    """Write files to the cache of the Hub."""
    folder = cache / f"models--{repo.replace('/', '--')}"
    shutil.copytree(source, folder / "snapshots" / COMMIT)
    (folder / "refs").mkdir()
    (folder / "refs" / ref).write_text(COMMIT)


@pytest.mark.parametrize(
    ("resource", "ref"),
    [
        (aibrix("hf://org/adapter:v1"), "v1"),  # as KServe writes it
        (aibrix("hf://org/adapter@v1"), "v1"),
        (aibrix("huggingface://org/adapter"), "main"),
        (stack(type="huggingface", repository="org/adapter"), "main"),
        (stack(type="huggingface", repository="hf://org/adapter"), "main"),
    ],
)
def test_adapters_in_the_cache_of_the_hub_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resource: Resource, ref: str
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot(tmp_path / "hub", "org/adapter", ref, EXAMPLES / "edited-adapter")
    ruling = rule(controller_of(tmp_path, AdmissionPolicy()), resource)
    assert (ruling.code, ruling.annotations[0]) == (422, ("verdict", "refused"))


@pytest.mark.parametrize("uri", ["hf://org/adapter", "hf://org/adapter:v2", "hf://org/none"])
def test_a_revision_that_is_not_cached_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot(tmp_path / "hub", "org/adapter", "v1", EXAMPLES / "edited-adapter")
    ruling = rule(controller_of(tmp_path, AdmissionPolicy()), aibrix(uri))
    assert ruling.annotations[0] == ("verdict", "failed")


@pytest.mark.parametrize(
    ("named", "ref", "expected"),
    [
        ("org/base", "main", "org/base"),
        ("hf://org/base", "main", "org/base"),
        ("hf://org/base:v1", "v1", "org/base@v1"),
        ("org/base@v1", "v1", "org/base@v1"),
        ("org/base", "v1", None),
        ("org/other", "main", None),
        ("hf://org/base/part", "main", None),
        ("hf://org", "main", None),
        ("s3://org/base", "main", None),
    ],
)
def test_bases_in_the_cache_of_the_hub_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, ref: str, expected: str | None
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    snapshot(tmp_path, "org/base", ref, BASE)
    assert Places({}).base(named) == expected
