"""Lists the names of the model types that the release after the catalogue's adds.

`python -m loracfg.base.derivation.building.newer` reads them from the wheels of both releases,
without running either, and writes the list for `loracfg.base.catalogue.newer`.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from loracfg.base.catalogue.index import LAYOUTS
from loracfg.base.catalogue.newer import FILE
from loracfg.base.derivation.building.library_releases import NEXT, RELEASES, find_wheel

_MAPPING: Final = "CONFIG_MAPPING_NAMES"
_FILES: Final = tuple(
    f"transformers/models/auto/{name}.py" for name in ("auto_mappings", "configuration_auto")
)


def newer_types() -> tuple[str, list[str]]:
    """Return the next release, as in `transformers 5.24.0`, and the model types that only it has.

    Raises:
        DownloadError: if a wheel is neither there nor can be downloaded.
    """
    here = RELEASES[LAYOUTS[0]].requirements[0]
    known = types_of(find_wheel(here))
    return NEXT.replace("==", " "), sorted(types_of(find_wheel(NEXT)) - known)


def types_of(wheel: Path) -> frozenset[str]:
    """Return the model types in a wheel of transformers, without running its code."""
    with ZipFile(wheel) as archive:
        there = {*archive.namelist()}
        trees = [ast.parse(archive.read(name)) for name in _FILES if name in there]
    return frozenset(name for tree in trees for one in tree.body for name in _added(one))


def _added(statement: ast.stmt) -> list[str]:
    """Return the model types that a statement adds to the mapping of config classes."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == _MAPPING:
            return _keys(value)
        case ast.Expr(ast.Call(func=ast.Attribute(ast.Name(id=name)), args=[value])):
            return _keys(value) if name == _MAPPING else []
    return []


def _keys(value: ast.expr) -> list[str]:
    """Return the literal keys in a value: of dictionaries, and the first items of pairs."""
    found: list[ast.expr | None] = []
    for node in ast.walk(value):
        match node:
            case ast.Dict(keys=keys):
                found += keys
            case ast.Tuple(elts=[key, _]):
                found.append(key)
    return [one.value for one in found if isinstance(one, ast.Constant) and type(one.value) is str]


def main() -> None:
    """Write the list."""
    library, types = newer_types()
    value = {"library": library, "types": types}
    FILE.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
