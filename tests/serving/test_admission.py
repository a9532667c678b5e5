"""The gate of a cluster: an API server asks the service over TLS."""

from __future__ import annotations

import json
import shutil
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.service.serving import serving, without_settings
from tests.serving.api_server import BLOCKS, MANIFEST, WEBHOOK, ApiServer, DeniedError
from tests.serving.folders import BASE, EXAMPLES, write_sound
from tests.serving.resources import SCHEMAS, Resource, aibrix, dynamo, kserve, stack

trustme = pytest.importorskip("trustme", reason="it makes the certificates")

COMMAND = MANIFEST[0]["spec"]["template"]["spec"]["containers"][0]["command"]


class Cluster(NamedTuple):
    """An API server, and the folder that stands for `s3://models/adapters`."""

    server: ApiServer
    adapters: Path


def start(folder: Path, **settings: str) -> Iterator[Cluster]:
    """Run the service as the Deployment does, with a certificate for the Service's name."""
    authority = trustme.CA()
    service = WEBHOOK["clientConfig"]["service"]
    issued = authority.issue_cert(f"{service['name']}.{service['namespace']}.svc")
    issued.private_key_pem.write_to_path(folder / "tls.key")
    issued.cert_chain_pems[0].write_to_path(folder / "tls.crt")
    adapters, models = folder / "adapters", folder / "models"
    write_sound(adapters / "sound")
    shutil.copytree(EXAMPLES / "edited-adapter", adapters / "edited")
    shutil.copytree(BASE, models / "llama")
    (adapters / "out").symlink_to(BASE)
    leaking = write_sound(adapters / "leaking")
    (leaking / "adapter_config.json").unlink()
    (leaking / "adapter_config.json").symlink_to(EXAMPLES / "adapter" / "adapter_config.json")
    places = f"s3://models/adapters={adapters} pvc://adapters={adapters} llama={models / 'llama'}"
    env = without_settings(
        LORACFG_ADMISSION_PLACES=places,
        LORACFG_ROOTS=str(adapters),
        LORACFG_ACCESS_LOG="false",
        HF_HOME=str(folder / "hub"),
        **settings,
    )
    command = [one for one in COMMAND[1:] if not one.startswith(("--port", "--host"))]
    command = [one.replace("/tls/", f"{folder}/") for one in command]
    with serving([sys.executable, "-m", "uvicorn", *command], env, folder / "log") as address:
        port = int(address.rpartition(":")[2])
        yield Cluster(ApiServer(port, authority.cert_pem.bytes().decode()), adapters)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from start(tmp_path_factory.mktemp("cluster"), LORACFG_ADMISSION_FOR="vllm==0.33")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from start(
        tmp_path_factory.mktemp("closed"),
        LORACFG_ADMISSION_MODE="warn",
        LORACFG_ADMISSION_ON_FAILURE="deny",
    )


def resources(uri: str) -> list[Resource]:
    """Return a resource of each kind that names an adapter."""
    return [
        kserve(uri),
        kserve(uri, version="v1alpha1"),
        aibrix(uri),
        stack(type="s3", repository=uri),
        stack(type="local", adapterPath=uri),
        dynamo(uri),
        dynamo(uri, version="v1alpha1"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("uri", ["s3://models/adapters/sound", "pvc://adapters/sound/"])
def test_sound_adapters_are_allowed(cluster: Cluster, uri: str) -> None:
    for resource in resources(uri):
        written = cluster.server.create(resource)
        assert written.is_asked
        assert written.warnings == []
        assert written.annotations == {
            "verdict": "passed",
            "adapters": "1 judged, 0 refused, 0 failed",
        }


def test_broken_adapters_are_denied_with_their_place(cluster: Cluster) -> None:
    fields = []
    for resource in resources("s3://models/adapters/edited"):
        with pytest.raises(DeniedError) as denied:
            cluster.server.create(resource)
        assert denied.value.code == 422
        assert "`s3://models/adapters/edited` is refused: LC503 " in str(denied.value)
        fields.append(str(denied.value).partition(":")[0])
    assert set(fields) == {
        "spec.model.lora.adapters[0].uri",
        "spec.artifactURL",
        "spec.adapterSource.repository",
        "spec.adapterSource.adapterPath",
        "spec.source.uri",
    }


def test_the_broken_one_of_many_is_named(cluster: Cluster) -> None:
    uris = [f"s3://models/adapters/{name}" for name in ("sound", "edited", "sound")]
    with pytest.raises(DeniedError, match=r"^spec\.model\.lora\.adapters\[1\]\.uri: "):
        cluster.server.create(kserve(*uris))


@pytest.mark.parametrize(
    "uri",
    [
        "s3://models/adapters/missing",
        "s3://models/adapters/../../etc",
        "s3://models/adapters/out",
        "s3://models/adaptersX/sound",
        "s3://other/adapters/sound",
        "hf://org/not-cached",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc",
        "/etc/passwd",
        "s3://models/adapters",
        "\u202e",
    ],
)
def test_what_is_not_here_is_allowed_with_a_warning(cluster: Cluster, uri: str) -> None:
    written = cluster.server.create(aibrix(uri))
    assert "could not be judged: it is neither below a place" in written.warnings[0]
    assert written.annotations["verdict"] == "failed"


@pytest.mark.slow
def test_what_is_not_here_is_denied_if_closed(closed: Cluster) -> None:
    with pytest.raises(DeniedError, match="could not be judged") as denied:
        closed.server.create(aibrix("s3://models/adapters/missing"))
    assert denied.value.code == 503


def test_broken_adapters_are_only_warned_of_if_chosen(closed: Cluster) -> None:
    written = closed.server.create(aibrix("s3://models/adapters/edited"))
    assert "is refused: LC503" in written.warnings[0]
    assert written.annotations["verdict"] == "refused"
    assert written.annotations["codes"].startswith("LC503")


def test_a_link_out_of_the_place_is_denied(cluster: Cluster) -> None:
    with pytest.raises(DeniedError, match="is a link out of its place"):
        cluster.server.create(aibrix("s3://models/adapters/leaking"))


def test_paths_are_those_of_roots(cluster: Cluster) -> None:
    path = str(cluster.adapters / "sound")
    for uri in (path, f"file://{path}"):
        assert cluster.server.create(aibrix(uri)).warnings == []
    for uri in (f"{path}/../../../etc", f"{cluster.adapters}/.."):
        assert cluster.server.create(aibrix(uri)).annotations["verdict"] == "failed"


def test_without_a_base_the_gaps_are_warned_of(cluster: Cluster) -> None:
    for base in (None, "not-known", "../../etc", str(BASE), "s3://models/adapters/out"):
        written = cluster.server.create(aibrix("s3://models/adapters/sound", base))
        assert written.annotations["verdict"] == "passed"
        assert any("tensors against the base" in one for one in written.warnings)
        unknown = [f"spec.baseModel: the base `{base}` is unknown: it is neither"] if base else []
        assert [one[: len(unknown[0])] for one in written.warnings[:-1]] == unknown


def test_the_engine_and_its_rank_are_judged(cluster: Cluster) -> None:
    assert cluster.server.create(kserve("s3://models/adapters/sound", maxRank=8)).warnings == []
    with pytest.raises(DeniedError, match=r"LC801.*max_lora_rank"):
        cluster.server.create(kserve("s3://models/adapters/sound", maxRank=1))
    with pytest.raises(DeniedError, match=r"LC913.*at most `3`"):  # no rank of vLLM's
        cluster.server.create(kserve("s3://models/adapters/sound", maxRank=3))
    odd = cluster.server.create(kserve("s3://models/adapters/sound", maxRank=5))
    assert odd.annotations["verdict"] == "passed"


def test_updates_are_judged_for_what_they_change(cluster: Cluster) -> None:
    edited = kserve("s3://models/adapters/edited")
    assert cluster.server.update(edited, edited).annotations == {}
    more = kserve("s3://models/adapters/edited", "s3://models/adapters/sound")
    assert cluster.server.update(edited, more).annotations["adapters"].startswith("1 judged")
    other = kserve("s3://models/adapters/edited", base="other")
    with pytest.raises(DeniedError):
        cluster.server.update(edited, other)
    with pytest.raises(DeniedError):
        cluster.server.update(kserve("s3://models/adapters/sound"), more)
    deleted = json.loads(json.dumps(other))
    deleted["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert cluster.server.update(edited, deleted).annotations == {}
    assert cluster.server.update(edited, other, subResource="status").annotations == {}
    asked = {"uid": "1", "operation": "DELETE", "object": None, "oldObject": other}
    assert cluster.server.call(asked)["response"] == {"uid": "1", "allowed": True}


def test_what_has_no_adapter_is_allowed(cluster: Cluster) -> None:
    quiet: list[Resource] = [
        kserve(),
        dynamo("s3://models/adapters/edited", kind="base"),
        dynamo("s3://models/adapters/edited", kind="adapter"),
    ]
    for resource in quiet:
        assert cluster.server.create(resource) == ([], {}, True)


@pytest.mark.parametrize("adapters", [None, 1, "x", {}, [None, 1, {"uri": 1}, {"uri": ""}]])
def test_fields_of_other_types_count_as_missing(cluster: Cluster, adapters: Any) -> None:
    resource = kserve()
    resource["spec"]["model"]["lora"] = {"adapters": adapters, "maxRank": 4}
    assert cluster.server.create(resource).annotations == {}


def test_an_unknown_kind_is_allowed_with_a_warning(cluster: Cluster) -> None:
    resource = {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {}}
    answer = cluster.server.call({"uid": "1", "operation": "CREATE", "object": resource})
    assert answer["response"] == {
        "uid": "1",
        "allowed": True,
        "warnings": ["loracfg does not know the resource Pod"],
    }


def test_messages_have_no_secrets(cluster: Cluster) -> None:
    uri = "https://user:secret@host/adapter?token=secret"
    written = cluster.server.create(aibrix(uri))
    assert "secret" not in json.dumps(written)
    assert "https://" in written.warnings[0]


def test_many_warnings_are_cut(cluster: Cluster) -> None:
    uris = [f"s3://elsewhere/{'x' * 300}{number}" for number in range(100)]
    written = cluster.server.create(kserve(*uris))
    assert len(written.warnings) == 10
    assert written.warnings[-1] == "91 more warnings"
    assert written.annotations["adapters"] == "100 judged, 0 refused, 100 failed"


def test_too_many_adapters_are_denied(cluster: Cluster) -> None:
    """The last one is broken, and must not pass behind the others."""
    uris = ["s3://elsewhere/x"] * 50_000
    with pytest.raises(DeniedError, match="names 50000 adapters to judge, more than the 100"):
        cluster.server.create(kserve(*uris))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"apiVersion": "admission.k8s.io/v1beta1", "kind": "AdmissionReview"}', 422),
        (b'{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}', 422),
        (b"[" * 100_000, 400),
        (b"[" + b"0," * 300_000 + b"0]", 413),
        (b" " * (8 * 1024 * 1024 + 1), 413),
    ],
)
def test_what_is_no_review_is_a_problem(cluster: Cluster, body: bytes, status: int) -> None:
    problem = json.loads(cluster.server.send(body, status))
    assert problem["status"] == status


def test_the_certificate_is_for_the_service_alone(cluster: Cluster) -> None:
    other = trustme.CA().cert_pem.bytes().decode()
    with pytest.raises(ssl.SSLCertVerificationError):
        cluster.server._replace(authority=other).send(b"{}")


def test_the_manifest_is_one_of_kubernetes() -> None:
    kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="it has the schemas")
    for one in MANIFEST:
        kubernetes_validate.validate(one, "1.34", strict=True)
    deployment, service, webhook = MANIFEST
    pod = deployment["spec"]["template"]
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    port = pod["spec"]["containers"][0]["ports"][0]["containerPort"]
    assert service["spec"]["ports"][0]["targetPort"] == port
    assert f"--port={port}" in COMMAND
    named = webhook["webhooks"][0]["clientConfig"]["service"]
    assert (named["name"], named["namespace"]) == (
        service["metadata"]["name"],
        service["metadata"]["namespace"],
    )
    assert f"{named['name']}.{named['namespace']}.svc" in BLOCKS[1]
    mounted = {one["name"] for one in pod["spec"]["containers"][0]["volumeMounts"]}
    assert mounted == {one["name"] for one in pod["spec"]["volumes"]}


@pytest.mark.slow
def test_the_webhook_is_asked_for_each_kind() -> None:
    asked = {
        (group, plural)
        for rule in WEBHOOK["rules"]
        for group in rule["apiGroups"]
        for plural in rule["resources"]
    }
    assert {(group, plural) for (group, _), (plural, _) in SCHEMAS.items()} <= asked
