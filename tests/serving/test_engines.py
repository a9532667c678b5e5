"""The examples of docs/serving.md for other engines, with the loaders of released packages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.serving.environments import python_for
from tests.serving.folders import BASE, EXAMPLES, SOUND

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "serving.md"
S3: Final = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""


def example_of(title: str) -> str:
    """Return the code below a heading of the page."""
    section = PAGE.read_text("utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```$", section)
    return str(code)


def run(engine: str, title: str, folder: Path, names: Mapping[str, str], **env: str) -> list[str]:
    """Return what the example did with a sound and with a broken adapter."""
    python = python_for(engine)
    shutil.copytree(BASE, folder / "base")
    job = {"engine": engine, "example": example_of(title), **names}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LORACFG_")}
    done = subprocess.run(
        [python, "-P", "-m", "tests.serving.in_engines"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **env, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        cwd=folder,
    )
    assert done.stdout, done.stderr[-3000:]
    found = json.loads(done.stdout)
    return [found["sound"], found["broken"]]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    shutil.copytree(SOUND, tmp_path / "sound")
    shutil.copytree(EXAMPLES / "edited-adapter", tmp_path / "broken")
    return {name: str(tmp_path / name) for name in ("sound", "broken")}


def test_sglang(tmp_path: Path, folders: dict[str, str]) -> None:
    sound, broken = run("sglang", "SGLang", tmp_path, folders)
    assert re.fullmatch(r"loaded \d+ weights of sql", sound)
    assert broken.startswith("RefusedAdapterError: adapter `broken` was refused: LC503")


def test_dynamo(tmp_path: Path, folders: dict[str, str]) -> None:
    uris = {name: f"file://{folder}" for name, folder in folders.items()}
    sound, broken = run("dynamo", "Dynamo", tmp_path, uris, DYN_LORA_PATH=str(tmp_path / "lora"))
    assert json.loads(sound) == {"status": "success", "local_path": folders["sound"]}
    assert json.loads(broken)["status"] == "error"
    assert "adapter `broken` was refused: LC503" in json.loads(broken)["message"]


@contextmanager
def store(folders: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Serve folders as `s3://box/NAME`, and give the variables for it."""
    import sys

    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    server = subprocess.Popen(
        [sys.executable, "-c", S3],
        env=env | {"PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        variables = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(server.stdout.readline())}",
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": "mine",
            "AWS_DEFAULT_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }
        upload = (
            "import json, sys, s3fs; s = s3fs.S3FileSystem(); s.mkdir('box'); "
            "[s.put(f, f'box/{n}', recursive=True) for n, f in json.load(sys.stdin).items()]"
        )
        subprocess.run(
            [sys.executable, "-c", upload],
            input=json.dumps(dict(folders)),
            text=True,
            check=True,
            env=env | variables | {"PYTHONWARNINGS": "ignore"},
        )
        yield variables
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()


def test_ray(tmp_path: Path, folders: dict[str, str]) -> None:
    python_for("ray")
    pytest.importorskip("moto.server", reason="it is the S3 server")
    with store(folders) as variables:
        uris = {name: f"s3://box/{name}" for name in folders}
        sound, broken = run("ray", "Ray Serve LLM", tmp_path, uris, **variables)
    assert sound == "loaded downloaded/sound"
    assert broken.startswith("HTTPException: adapter `broken` was refused: LC503")
