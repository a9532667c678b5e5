"""What is installed is what stands in the repository."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from loracfg.config.schema.schema_files import ARCHIVE

ROOT = Path(__file__).resolve().parents[2]


def test_every_schema_is_installed_and_nothing_else() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert settings["package-dir"]["loracfg_schema"] == "schema"
    assert settings["package-data"]["loracfg_schema"] == [ARCHIVE]
    code = [path.name for path in (ROOT / "schema").rglob("*.py")]
    assert code == ["__init__.py"]


def test_readme_has_the_two_commands_that_ci_runs() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len([line for line in lines if line.startswith("pip install ")]) == 2


def tracked(*suffixes: str) -> Iterator[Path]:
    command = ["git", "ls-files", *(f"*{suffix}" for suffix in suffixes)]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    yield from (ROOT / name for name in listed.stdout.splitlines())


def test_the_extras_that_we_name_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = dict[str, str]()
    for path in tracked(".md", ".toml", ".yml", ".py", "Dockerfile"):
        for found in re.finditer(r"\bloracfg\[([a-z, ]+)\]", path.read_text(errors="replace")):
            named |= dict.fromkeys(re.split(r",\s*", found[1]), path.relative_to(ROOT).as_posix())
    assert {"api", "remote"} <= named.keys()
    assert {
        name: path for name, path in named.items() if name not in project["optional-dependencies"]
    } == {}
