"""The code of the page has all that its requests can import."""

from __future__ import annotations

import ast
import io
import tarfile
from collections.abc import Iterator
from typing import Final

import pytest
from loracfg_api.static_page.python_code import LIBRARY_LEFT_OUT, as_tar, as_zip, source_files

UNREACHED: Final = {
    "loracfg.base.derivation": {"loracfg/base/facts_file.py"},
    "loracfg.cli": {"loracfg/__main__.py"},
    "loracfg.comparison": {"loracfg/__init__.py"},
    "loracfg.serving": {
        "loracfg_api/admitting.py",
        "loracfg_api/documents.py",
        "loracfg_api/metrics.py",
        "loracfg_api/state.py",
    },
    "loracfg.settings": {"loracfg/__init__.py", "loracfg_api/admitting.py"},
    "loracfg.training.live": {"loracfg/__init__.py"},
    "loracfg_api.routes": {"loracfg_api/app.py"},
    "html": {"loracfg/inspection/markup.py"},
    "xml": {"loracfg/report/render/junit.py"},
}
"""What is left out, and the modules that import it for what no page asks: facts, other commands,
the routes of the service, and formats."""


def imported(source: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.slow
def test_everything_that_is_imported_is_there() -> None:
    files = source_files([])
    code = {name: data for name, data in files.items() if name.endswith(".py")}
    modules = {name[:-3].replace("/", ".").removesuffix(".__init__") for name in code}
    own = ("loracfg", "loracfg_api")
    missing: dict[str, set[str]] = {}
    for name, data in code.items():
        for module in imported(data):
            parent = module.rpartition(".")[0]
            is_ours = module.partition(".")[0] in own
            is_missing = is_ours and module not in modules and parent not in modules
            if is_missing or module.partition(".")[0] in LIBRARY_LEFT_OUT:
                part = next((one for one in UNREACHED if f"{module}.".startswith(f"{one}.")), "")
                missing.setdefault(part or module, set()).add(name)
    assert missing == UNREACHED


def test_it_has_data_and_no_page() -> None:
    names = source_files([])
    assert "loracfg/base/catalogue/packed/facts.bin" in names
    assert not [name for name in names if name.endswith((".facts", ".pyi"))]
    assert not [name for name in names if name.startswith("loracfg_api/page/")]
    assert not [name for name in names if "/building/" in name or "__pycache__" in name]


def test_archives_are_the_same_for_the_same_files() -> None:
    content = {"b/two.py": b"2", "a.so": b"\x00" * 600, "a/one.py": b"1"}
    tar = as_tar(content)
    assert tar == as_tar(dict(reversed(content.items())))
    assert as_zip(tar) == as_zip(tar)
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        read = {member.name: archive.extractfile(member) for member in archive}
        assert {name: stream.read() for name, stream in read.items() if stream} == content
