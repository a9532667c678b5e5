"""The container and what runs it: its files, and the Dockerfile's steps as far as they go here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml

from tests.cli.running import ROOT
from tests.service.serving import environment, serving

pytestmark = pytest.mark.slow

USER: Final = 10001
HOME: Final = "/opt/loracfg"
EXAMPLES: Final = ROOT / "docs/examples"
_URL: Final = "http://127.0.0.1:8000"
_ABSENT: Final = ("numpy", "peft", "safetensors", "torch", "transformers")


class Step(NamedTuple):
    """An instruction of the Dockerfile."""

    name: str
    text: str


def stages() -> list[list[Step]]:
    """Return the steps of each stage."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    steps = [
        Step(*line.split(" ", 1)) for line in re.sub(r"\\\n +", "", "\n".join(lines)).split("\n")
    ]
    starts = [i for i, step in enumerate(steps) if step.name == "FROM"]
    return [steps[i:j] for i, j in zip(starts, [*starts[1:], len(steps)], strict=True)]


def texts(stage: list[Step], name: str) -> list[str]:
    return [step.text for step in stage if step.name == name]


BUILD, FINAL = stages()


def test_the_image_is_small_and_not_run_by_root() -> None:
    images = [texts(stage, "FROM")[0].partition(" ")[0] for stage in (BUILD, FINAL)]
    assert images == ["python:3.13-slim"] * 2
    assert texts(FINAL, "USER") == [f"{USER}:{USER}"]
    assert f"--uid {USER} " in texts(FINAL, "RUN")[0]
    assert texts(FINAL, "COPY") == [f"--from=build {HOME} {HOME}"]
    assert texts(FINAL, "EXPOSE") == ["8000"]
    assert [step.name for step in FINAL].index("USER") > [step.name for step in FINAL].index("COPY")


def test_the_context_is_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(copied())


def copied() -> list[str]:
    return [name for text in texts(BUILD, "COPY") for name in text.split()[:-1]]


def test_compose_confines_the_service() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["loracfg"]
    assert service["user"] == f"{USER}:{USER}"
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108  # of the container
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == "1g"
    (volume,) = service["volumes"]
    _, target, mode = volume.rsplit(":", 2)
    assert mode == "ro"
    assert f"LORACFG_ROOTS={target}" in service["environment"]


def objects() -> dict[str, dict[str, Any]]:
    """Return what docs/kubernetes.md applies, by kind."""
    page = (ROOT / "docs/kubernetes.md").read_text("utf-8")
    found = {}
    for block in re.findall(r"(?ms)^```yaml\n(.*?)^```$", page):
        for one in yaml.safe_load_all(block):
            found[one["kind"]] = one
    return found


def test_kubernetes_confines_the_service_and_asks_how_it_is() -> None:
    deployment, service = objects()["Deployment"]["spec"], objects()["Service"]["spec"]
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == USER
    assert is_confined(container["securityContext"])
    assert container["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108
    port = container["ports"][0]["containerPort"]
    probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("readiness", "liveness")}
    assert probes == {
        "readiness": {"path": "/readyz", "port": port},
        "liveness": {"path": "/healthz", "port": port},
    }
    assert str(port) in texts(FINAL, "EXPOSE")
    assert service["ports"][0]["targetPort"] == port
    assert service["selector"] == deployment["template"]["metadata"]["labels"]
    assert service["selector"] == deployment["selector"]["matchLabels"]
    assert pod["terminationGracePeriodSeconds"] > 35


def is_confined(context: dict[str, Any]) -> bool:
    return (
        context["readOnlyRootFilesystem"] is True
        and context["allowPrivilegeEscalation"] is False
        and context["capabilities"] == {"drop": ["ALL"]}
    )


def checker() -> dict[str, Any]:
    container: dict[str, Any] = objects()["Pod"]["spec"]["initContainers"][0]
    return container


def test_the_check_before_inference_is_confined_and_sees_what_is_served() -> None:
    pod = objects()["Pod"]["spec"]
    context = checker()["securityContext"]
    assert is_confined(context)
    assert (context["runAsNonRoot"], context["runAsUser"]) == (True, USER)
    assert checker()["volumeMounts"] == pod["containers"][0]["volumeMounts"]
    assert {one["name"] for one in pod["volumes"]} == {"adapters", "models"}
    assert objects()["Service"]["metadata"]["name"] == "loracfg"


def test_steps_of_the_dockerfile_make_a_service(tmp_path: Path) -> None:
    """In one test, as the environment takes half a minute to make."""
    home = build(tmp_path)
    assert importable(home) == ["loracfg", "loracfg_api"]
    (entry,) = (json.loads(text) for text in texts(FINAL, "ENTRYPOINT"))
    with serving(entry, environment(home / "bin"), tmp_path / "log") as url:
        assert health(home, url) == 0
        assert answer(f"{url}/readyz") == {"status": "ok"}
        (adapter,) = answer(f"{url}/validate", adapter_form())["adapters"]
        assert (adapter["path"], adapter["status"]) == ("adapter", "valid")
        assert check(home, url, "adapter") == 0
        assert check(home, url, "edited-adapter") == 1
    assert health(home, url) == 1
    assert check(home, url, "adapter") == 2


def build(folder: Path) -> Path:
    """Run the steps of the first stage in a folder, and return the environment that they make."""
    home, source = folder / "venv", folder / "src"
    source.mkdir()
    for step in BUILD:
        if step.name == "COPY":
            for name in step.text.split()[:-1]:
                copy(ROOT / name, source / name)
        elif step.name == "RUN":
            command = step.text.replace(HOME, str(home))
            result = shell(command, source)
            if "No matching distribution" in result.stderr:
                pytest.skip("no package index is reachable")
            assert result.returncode == 0, result.stderr
    return home


def copy(path: Path, target: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(path, target)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment(Path(sys.executable).parent),
        capture_output=True,
        text=True,
        check=False,
    )


def importable(home: Path) -> list[str]:
    names = ("loracfg", "loracfg_api", *_ABSENT)
    code = f"from importlib.util import find_spec; print(*filter(find_spec, {names!r}))"
    command = [str(home / "bin/python"), "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def health(home: Path, url: str) -> int:
    """Return the exit status of the image's own check."""
    (text,) = texts(FINAL, "HEALTHCHECK")
    command = [part.replace(_URL, url) for part in json.loads(text.partition("CMD ")[2])]
    return run(home, command)


def check(home: Path, url: str, adapter: str) -> int:
    """Return the exit status of the init container for an adapter."""
    places = {
        "/adapters/support": str(EXAMPLES / adapter),
        "/models/llama/config.json": str(EXAMPLES / "base/config.json"),
        "http://loracfg": url,
    }
    return run(home, [places.get(part, part) for part in checker()["command"]])


def run(home: Path, command: list[str]) -> int:
    return subprocess.run(
        ["/usr/bin/env", *command],
        env=environment(home / "bin"),
        capture_output=True,
        check=False,
        timeout=60,
    ).returncode


def adapter_form() -> dict[str, Path]:
    folder = EXAMPLES / "adapter"
    files = {path.name: path for path in sorted(folder.iterdir())}
    return files | {"config.json": EXAMPLES / "base/config.json"}


def answer(url: str, form: dict[str, Path] | None = None) -> Any:
    """Return what a route answers, to a form with files if there are some."""
    request = urllib.request.Request(url)  # noqa: S310  # our own server
    if form:
        request.data = b"".join(parts(form))
        request.add_header("Content-Type", "multipart/form-data; boundary=end-of-file")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as content:
        return json.load(content)


def parts(form: dict[str, Path]) -> Iterator[bytes]:
    for name, path in form.items():
        field = "base" if name == "config.json" else "file"
        place = f'form-data; name="{field}"; filename="{name}"'
        yield f"--end-of-file\r\nContent-Disposition: {place}\r\n\r\n".encode()
        yield path.read_bytes() + b"\r\n"
    yield b"--end-of-file--\r\n"
