"""The wheel: all that runs, nothing that only the build of the catalogue needs, and it is small."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

LARGEST: Final = 2_000_000

OUTSIDE: Final = "/building/"
"""The only folders of code that are missing: they make the catalogue, schemas and tables."""

BUILD: Final = "import sys, setuptools.build_meta as b; print(b.build_wheel(sys.argv[1]))"
USE: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from loracfg.base.catalogue import lookup
assert lookup.__file__.startswith(sys.argv[1]), lookup.__file__
for layout in ("5", "4"):
    assert "lm_head" in lookup.build({"model_type": "llama"}, "LlamaForCausalLM", layout).modules
assert lookup.build({"_class_name": "FluxTransformer2DModel"}, "FluxTransformer2DModel").modules
assert not {"torch", "transformers", "diffusers"} & set(sys.modules)
import loracfg.base.derivation.installed
import loracfg.base.derivation.source.__main__
from loracfg.base.derivation.source import parts, transformers
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for part in ("loracfg", "api", "schema"):
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    yield folder / done.stdout.splitlines()[-1]
    shutil.rmtree(folder)


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= LARGEST


def test_it_has_all_code_that_runs(wheel: Path) -> None:
    packages = {"loracfg": "loracfg", "api": "loracfg_api", "schema": "loracfg_schema"}
    code = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in packages.items()
        for path in (ROOT / folder).rglob("*.py")
    }
    missing = {one for one in code - names(wheel) if OUTSIDE not in one}
    assert not missing, sorted(missing)


@pytest.mark.parametrize("pattern", ["*.facts", "*/catalogue/facts/*", "*/building/*", "tests/*"])
def test_it_has_nothing_that_only_the_build_needs(wheel: Path, pattern: str) -> None:
    assert [name for name in names(wheel) if fnmatch(name, pattern)] == []


def test_its_catalogue_answers(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)  # ours
    subprocess.run([sys.executable, "-I", "-c", USE, str(tmp_path)], check=True)
