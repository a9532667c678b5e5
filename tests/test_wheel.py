"""The wheel, built from the sdist: all that runs, nothing that only building needs, and small.

All other tests run on the tree (`tests/test_what_is_tested.py`). These use what the wheel holds, in
processes that see nothing of the tree.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

LARGEST: Final = 2_600_000
LARGEST_CATALOGUE: Final = 1_000_000
"""The limit of the packed catalogue, which is the largest file."""

OUTSIDE: Final = "/building/"
"""The only folders of code that are missing: they make the catalogue, schemas and tables."""

BUILD: Final = """
import sys, setuptools.build_meta
print(getattr(setuptools.build_meta, sys.argv[1])(sys.argv[2]))
"""
START: Final = """
import sys
unpacked = sys.argv.pop(1)
sys.path.insert(0, unpacked)
"""
"""Comes first in a process that uses the wheel, whose place is its first argument."""

END: Final = """
for name, module in sys.modules.items():
    if name.partition(".")[0] in ("loracfg", "loracfg_api", "loracfg_schema"):
        assert module.__file__.startswith(unpacked), module.__file__
"""

CATALOGUE: Final = """
from loracfg.base.catalogue import lookup
for layout in ("5", "4"):
    assert "lm_head" in lookup.build({"model_type": "llama"}, "LlamaForCausalLM", layout).modules
assert lookup.build({"_class_name": "FluxTransformer2DModel"}, "FluxTransformer2DModel").modules
assert not {"torch", "transformers", "diffusers"} & set(sys.modules)
import loracfg.base.derivation.installed
import loracfg.base.derivation.source.__main__
from loracfg.base.derivation.source import parts, transformers
"""
COMMAND: Final = """
from loracfg.cli import main
try:
    main()
except SystemExit as ending:
    assert not ending.code, ending.code
"""
SERVICE: Final = """
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
with TestClient(create_app()) as client:
    config = {"peft_type": "LORA", "r": 0, "target_modules": ["q_proj"]}
    answer = client.post("/validate", json={"config": config})
    assert answer.status_code == 200, answer.text
    assert answer.json()["adapters"][0]["status"] == "invalid"
    for path in ("/", "/openapi.json", "/schema"):
        assert client.get(path).status_code == 200, path
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for part in ("loracfg", "api", "schema"):
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    sdist = built("build_sdist", source, folder)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    yield built("build_wheel", folder / sdist.name.removesuffix(".tar.gz"), folder)
    shutil.rmtree(folder)


def built(what: str, source: Path, folder: Path) -> Path:
    """Build a package of a source tree, as pip and build ask setuptools for it."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, what, str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / done.stdout.splitlines()[-1]


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_it_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= LARGEST
    with ZipFile(wheel) as archive:
        catalogue = archive.getinfo("loracfg/base/catalogue/packed/facts.bin")
    assert catalogue.compress_size <= LARGEST_CATALOGUE


@pytest.mark.slow
def test_it_has_all_code_that_runs(wheel: Path) -> None:
    packages = {"loracfg": "loracfg", "api": "loracfg_api", "schema": "loracfg_schema"}
    code = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in packages.items()
        for path in (ROOT / folder).rglob("*.py")
    }
    missing = {one for one in code - names(wheel) if OUTSIDE not in one}
    assert not missing, sorted(missing)


def test_it_has_the_pages(wheel: Path) -> None:
    files = [*(ROOT / "api" / "page").iterdir(), *(ROOT / "api" / "static_page" / "page").iterdir()]
    files.append(ROOT / "api" / "static_page" / "compile.mjs")
    wanted = {f"loracfg_{path.relative_to(ROOT).as_posix()}" for path in files}
    assert wanted <= names(wheel)


@pytest.mark.parametrize(
    "pattern", ["*.facts", "*/catalogue/facts/*", "*/building/*", "tests/*", "docs/*", "*vscode*"]
)
def test_it_has_nothing_that_only_the_build_needs(wheel: Path, pattern: str) -> None:
    assert [name for name in names(wheel) if fnmatch(name, pattern)] == []


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)  # noqa: S202  # a zip, and ours
    yield folder
    shutil.rmtree(folder)


def used(unpacked: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code on the wheel, outside of the tree."""
    return subprocess.run(
        [sys.executable, "-I", "-c", START + code + END, str(unpacked), *arguments],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_catalogue_answers(unpacked: Path) -> None:
    done = used(unpacked, CATALOGUE)
    assert done.returncode == 0, done.stderr[-2000:]


def test_its_command_line_validates(unpacked: Path) -> None:
    adapter, base = (str(ROOT / "docs/examples" / name) for name in ("adapter", "base"))
    done = used(unpacked, COMMAND, "validate", adapter, "--base", base, "--format", "json")
    assert done.returncode == 0, done.stderr[-2000:]
    (found,) = json.loads(done.stdout)["adapters"]
    assert (found["status"], found["base"]["source"]) == ("valid", "catalogue")
    assert found["coverage"]["applied"] == found["coverage"]["tensors"] == 8


@pytest.mark.slow
def test_its_service_answers(unpacked: Path) -> None:
    pytest.importorskip("fastapi", reason="the service needs the extra `api`")
    done = used(unpacked, SERVICE)
    assert done.returncode == 0, done.stderr[-2000:]


def test_its_schemas_are_those_of_the_tree(unpacked: Path) -> None:
    done = used(unpacked, COMMAND, "schema", "--variant", "editor")
    assert done.returncode == 0, done.stderr[-2000:]
    written = (ROOT / "schema/adapter_config.schema.json").read_text(encoding="utf-8")
    assert json.loads(done.stdout) == json.loads(written)
