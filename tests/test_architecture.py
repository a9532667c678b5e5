"""The house keeps its shape: imports run one way, and what is heavy is imported late."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

ORDER: Final = (
    "version",
    "named_tuple",
    "urls",
    "errors",
    "crash",
    "cpu_time",
    "cache",
    "child_environment",
    "new_files",
    "report",
    "document",
    "config",
    "editors",
    "adapter",
    "sources",
    "base",
    "planning",
    "releases",
    "runtimes",
    "analysis",
    "rules",
    "repair",
    "engine",
    "settings",
    "serving",
    "inspection",
    "comparison",
    "training",
    "audit",
    "lsp",
    "cli",
    "injector",
)
"""The parts of `loracfg`, each of which may import those before it; `api` stands beside `cli`.

Only `cli` imports `lsp`, since it needs pygls. Nothing imports the injector, since it needs torch.
"""

LATE: Final = {
    "torch": (
        "loracfg/base/from_library/live_model.py",
        "loracfg/base/from_library/meta_device.py",
        "loracfg/base/from_library/remote_code.py",
        "loracfg/base/from_library/sandbox.py",
        "loracfg/base/derivation/",
        "loracfg/base/from_library/built.py",
        "loracfg/base/from_library/unwrapped.py",
        "loracfg/training/live/",
    ),
    "transformers": (
        "loracfg/training/live/callback.py",
        "loracfg/base/from_library/meta_device.py",
        "loracfg/base/from_library/remote_code.py",
        "loracfg/base/from_library/sandbox.py",
        "loracfg/base/derivation/",
        "loracfg/base/from_library/built.py",
    ),
    "huggingface_hub": (
        "loracfg/base/finding/download.py",
        "loracfg/sources/hub/client.py",
        "loracfg/base/from_library/built.py",
        "loracfg/base/from_library/sandbox.py",
        "loracfg/serving/vllm/decisions.py",
    ),
    "peft": (
        "loracfg/base/derivation/",
        "loracfg/config/model/peft_object.py",
        "loracfg/training/live/adapted_model.py",
    ),
    "uvicorn": ("loracfg/cli/serve.py",),
    "numpy": ("loracfg/adapter/tensor_values.py",),
    "httpx2": ("loracfg/sources/remote/", "loracfg/audit/reading/plain_http.py"),
    "pyarrow": ("loracfg/audit/",),
    "ray": (
        "loracfg/audit/packages.py",
        "loracfg/audit/ray.py",
        "loracfg/audit/ray_cluster.py",
        "loracfg/audit/ray_limits.py",
        "loracfg/audit/ray_run.py",
        "loracfg/audit/ray_worker.py",
    ),
    "pandas": ("loracfg/audit/spark.py",),
    "fsspec": ("loracfg/sources/remote/store.py",),
    "yaml": ("loracfg/document/yaml_document.py",),
    "duckdb": ("loracfg/audit/packages.py", "loracfg/audit/report/database.py"),
}
"""Packages that only files under these paths import, and only in functions."""

DERIVING: Final = ("loracfg/base/facts_file.py", "loracfg/base/from_library/followed.py")
"""The files that make facts when they run: of what an installed library has and we do not."""

EARLY: Final = {
    "pydantic": (
        "loracfg/config/",
        "loracfg/testing/",
        "loracfg/training/trainer_files/axolotl.py",
        "api/",
    ),
    "pydantic_core": ("loracfg/config/", "api/"),
    "click": ("loracfg/cli/",),
    "lsprotocol": ("loracfg/lsp/",),
    "pygls": ("loracfg/lsp/",),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("api/connections.py",),
    "anyio": ("api/",),
    "prometheus_client": ("api/", "loracfg/serving/vllm/metrics.py"),
    "pydantic_settings": ("api/",),
    "python_multipart": ("api/",),
    "setuptools": ("loracfg/building/",),
    "hypothesis": ("loracfg/testing/",),
    "torch": ("loracfg/injector/",),
    "safetensors": ("loracfg/injector/",),
    "vllm": ("loracfg/serving/vllm/resolver.py",),
}
"""Packages that files under these paths may import anywhere. No other package is imported."""

MAX_LINES: Final = 400
LONG: Final = {
    "tests/adapter/test_pickled.py": "one table of hostile pickles, each with its message",
    "tests/adapter/test_safetensors.py": "one table of broken headers, each with its message",
    "tests/planning/cases.py": "one table of configs",
}


@dataclass(frozen=True)
class Import:
    """An import in a file: the module named first, and where it stands."""

    file: str
    line: int
    module: str
    in_function: bool
    for_types: bool

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def files(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(found)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports_of(path: Path) -> Iterator[Import]:
    """Yield every import of a file, `from package import module` as of the module."""

    def visit(node: ast.AST, in_function: bool, for_types: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module in _modules(node):
                yield Import(shown(path), node.lineno, module, in_function, for_types)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        types = for_types or (
            isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == "TYPE_CHECKING"
        )
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr):
                yield from visit(child, inside, types)

    return visit(parsed(path), False, False)


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, "imports are absolute"
    names = [alias.name for alias in node.names]
    if node.module == "loracfg":  # a part of the package, or one of its few values
        return [f"loracfg.{name}" for name in names]
    return [node.module or ""]


def part_of(path: Path) -> str:
    """Return the part of the house that a file is in."""
    steps = path.relative_to(ROOT).with_suffix("").parts
    return "api" if steps[0] == "api" else steps[1]


SOURCES: Final = files("loracfg", "api")


@cache
def all_imports() -> list[Import]:
    return [found for path in SOURCES for found in imports_of(path)]


TYPES: Final = ("loracfg.document.json_value",)
"""Modules that have types alone and import nothing, so that every part may speak of them."""

ABOVE: Final = {"testing", "__init__", "__main__"}
"""What stands on the parts: the public face, and what tests are made of."""


def test_every_part_is_known() -> None:
    parts = {part_of(path) for path in SOURCES} - {"api", "building", *ABOVE}
    assert parts == set(ORDER)


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_imports_run_one_way(path: Path) -> None:
    part = part_of(path)
    allowed = {
        "__init__": {*ORDER[: ORDER.index("cli")]},
        "__main__": {"cli"},
        "testing": {*ORDER[: ORDER.index("cli")], "testing"},
        "building": {"building"},
        "api": {*ORDER[: ORDER.index("cli")]},
    }.get(part) or {*ORDER[: ORDER.index(part) + 1]}
    for found in imports_of(path):
        if found.package != "loracfg" or found.module in TYPES:
            continue
        target = found.module.split(".")[1]
        assert target in allowed or target.startswith("__"), str(found)


@pytest.mark.slow
def test_named_tuples_are_defined_without_checking_their_annotations() -> None:
    """That takes a tenth of a short run."""
    for path in files("loracfg"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "typing":
                is_checked = "NamedTuple" in [alias.name for alias in node.names]
                assert not is_checked or path.name == "named_tuple.py", shown(path)


def test_the_injector_needs_no_part_above_the_plan() -> None:
    needed = {*ORDER[: ORDER.index("planning") + 1], "injector"}
    for path in files("loracfg/injector"):
        for found in imports_of(path):
            if found.package == "loracfg":
                assert found.module.split(".")[1] in needed, str(found)


@pytest.mark.slow
def test_the_service_opens_nothing_by_address() -> None:
    """The static page reads ids, and what the browser got for them; the service does not."""
    ids = "static_page/hub_ids"
    for found in all_imports():
        is_of_service = found.file.startswith("api/") and found.file != f"api/{ids}.py"
        if is_of_service and found.module.startswith("loracfg.sources"):
            assert found.module.startswith("loracfg.sources.archive."), str(found)
        if found.module == f"loracfg_api.{ids.replace('/', '.')}":
            assert found.file == "api/static_page/in_browser.py", str(found)


def test_the_catalogue_does_not_know_what_makes_it() -> None:
    home = "loracfg.base.derivation"
    for found in all_imports():
        if found.module.startswith(home) and not found.file.startswith("loracfg/base/derivation/"):
            assert found.file in DERIVING, str(found)
            assert found.in_function or found.for_types, str(found)


def test_rules_are_imported_by_their_registry_alone() -> None:
    """What several rules or repairs look at is in `analysis/`, what makes findings in `kinds/`."""
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found = re.search(r"\blc\d{3}_\w+", ast.unparse(node))
                assert not found, f"{shown(path)}:{node.lineno} imports {found}"


def test_the_public_face_imports_only_the_version_by_itself() -> None:
    found = list(imports_of(ROOT / "loracfg" / "__init__.py"))
    ours = [i for i in found if i.package == "loracfg"]
    early = {i.module for i in ours if not i.for_types}
    assert early == {"loracfg.version"}
    assert len(ours) > 1


def test_heavy_packages_are_imported_late_and_in_few_places() -> None:
    heavy = [found for found in all_imports() if found.package in LATE]
    assert {found.package for found in heavy} == LATE.keys()
    for found in heavy:
        if not found.for_types and not found.file.startswith(EARLY.get(found.package, ())):
            assert found.file.startswith(LATE[found.package]), str(found)
            assert found.in_function, str(found)


def test_no_other_package_is_imported() -> None:
    own = {"loracfg", "loracfg_api", "__future__", *sys.stdlib_module_names, *LATE}
    for found in all_imports():
        if found.package not in own:
            homes = EARLY.get(found.package, ())
            assert found.file.startswith(homes), str(found)


def test_nothing_prints() -> None:
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{shown(path)}:{node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(parsed(path))


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {
        shown(path): len(path.read_text().splitlines()) for path in files("loracfg", "api", "tests")
    }
    assert {name for name, lines in lengths.items() if lines > MAX_LINES} == LONG.keys()


STAND_INS: Final = "loracfg/base/derivation/stand_ins/"
"""Classes and functions that stand in for those of torch and transformers, and have their names."""


def test_no_class_name_has_two_meanings() -> None:
    homes: dict[str, list[str]] = {}
    for path in SOURCES:
        if shown(path).startswith(STAND_INS):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(shown(path))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def signatures(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the public functions of a module, and the public methods of its classes."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from signatures(node.body)
        elif isinstance(node, ast.If):
            yield from signatures([*node.body, *node.orelse])
        elif isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield node


def says_any(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function takes or returns `Any`."""
    own = function.args
    taken = [*own.posonlyargs, *own.args, *own.kwonlyargs, own.vararg, own.kwarg]
    types = [function.returns, *(one.annotation for one in taken if one)]
    return any(
        isinstance(node, ast.Name) and node.id == "Any"
        for one in filter(None, types)
        for node in ast.walk(one)
    )


def test_no_name_stands_for_any() -> None:
    for path in SOURCES:
        for node in parsed(path).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Name):
                assert node.value.id != "Any", f"{shown(path)}:{node.lineno}"


def test_the_data_of_programs_has_types() -> None:
    path = ROOT / "loracfg/base/catalogue/program_data.py"
    assert not re.search(r"\bAny\b", path.read_text("utf-8"))


def test_no_public_signature_says_any() -> None:
    assert {
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in SOURCES
        for function in signatures(parsed(path).body)
        if path.parts[-2:] != ("evaluation", "config.py")  # attributes come from files
        and says_any(function)
    } == set()
