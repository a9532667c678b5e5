"""Resolves names in a library's modules by reading their source."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import importlib.util
import re
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loracfg.base.derivation.source import replaced
from loracfg.base.derivation.source.repository import RepositoryError, is_own, refuse_acts


@dataclass(frozen=True)
class Definition:
    """A class, function or value that a module of the library defines."""

    module: str
    name: str


@dataclass(frozen=True)
class External:
    """Something of another library: `module`, or `name` in it."""

    module: str
    name: str | None = None


@dataclass(frozen=True)
class StandIn:
    """Something that `loracfg.base.derivation.stand_ins` replaces."""

    name: str


@dataclass(frozen=True)
class PlainValue:
    """A plain value; with `is_call`, the result of a function that checks what is installed."""

    name: str
    value: bool | int | float | str | None
    is_call: bool = False


@dataclass(frozen=True)
class Unknown:
    """Something that no constructor may read or, with `is_foreign`, call."""

    name: str
    is_foreign: bool = False


Meaning = Definition | External | StandIn | PlainValue | Unknown


@dataclass
class ModuleSource:
    """The top level of a module: its statements by the names that they bind."""

    module: str
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    has_text_annotations: bool = False


@functools.cache
def source_of(module: str) -> ModuleSource:
    """Read the top level of a module."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    made = ModuleSource(module)
    package = module if spec.submodule_search_locations else module.rpartition(".")[0]
    _collect(tree.body, made, package)
    if is_own(module):
        roots = {name for name, (home, _) in made.imports.items() if _is_of_models(home)}
        refuse_acts(module, _top_level(tree.body, module), {*made.definitions, *roots})
    return made


def _top_level(body: list[ast.stmt], module: str) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported."""
    for statement in body:
        yield statement
        for block in _blocks(statement, module):
            yield from _top_level(block, module)


def _is_of_models(home: str) -> bool:
    return home.partition(".")[0] in (*replaced.LIBRARIES, "torch")


def _collect(body: list[ast.stmt], made: ModuleSource, package: str) -> None:
    for statement in body:
        for block in _blocks(statement, made.module):
            _collect(block, made, package)
        match statement:
            case ast.FunctionDef() | ast.ClassDef() | ast.Assign() | ast.AnnAssign():
                for name in _bound(statement):
                    made.definitions.setdefault(name, []).append(statement)
            case ast.Import(names=names):
                for alias in names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    made.imports[bound] = (alias.name if alias.asname else bound, None)
            case ast.ImportFrom(module="__future__", names=names):
                made.has_text_annotations |= any(a.name == "annotations" for a in names)
            case ast.ImportFrom(names=names):
                home = absolute(statement, package)
                for alias in names:
                    made.imports.setdefault(alias.asname or alias.name, (home, alias.name))


def _blocks(statement: ast.stmt, module: str) -> list[list[ast.stmt]]:
    """Return the statements inside another one that also belong to the top level."""
    match statement:
        case ast.If():
            return _branches(statement, module)
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            return [body, *(handler.body for handler in handlers), orelse]
    return []


def _branches(statement: ast.If, module: str) -> list[list[ast.stmt]]:
    """Return the branch that runs when the module is imported, or both if that is unknown.

    The answer does not depend on which libraries are installed here.
    """
    match statement.test:
        case ast.Call(func=ast.Name(id=name)) if asked := _asked_library(name):
            is_body = asked in replaced.INSTALLED or not statement.orelse
            return [statement.body if is_body else statement.orelse]
    try:
        names = vars(importlib.import_module(module))
        code = compile(ast.Expression(statement.test), "<test>", "eval")
        ran = bool(eval(code, dict(names)))  # noqa: S307
    except Exception:  # it tests names that were removed
        return [statement.body, statement.orelse]
    return [statement.body if ran else statement.orelse]


def _asked_library(name: str) -> str | None:
    """Return the library that a function with this name checks for."""
    found = re.fullmatch(r"is_(\w+?)_(available|greater_or_equal)\w*", name)
    return found[1] if found else None


def _bound(statement: ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def absolute(statement: ast.ImportFrom, package: str) -> str:
    """Return the full name of the module in an import statement."""
    if not statement.level:
        return statement.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - statement.level + 1]
    return ".".join([*base, *([statement.module] if statement.module else [])])


def package_of(module: str) -> str:
    """Return the package that relative imports of a module refer to."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    return module if spec.submodule_search_locations else module.rpartition(".")[0]


def node_of(definition: Definition) -> ast.stmt:
    """Return the statement of a definition; if there are several, the one that ran."""
    found = source_of(definition.module).definitions[definition.name]
    value = vars(importlib.import_module(definition.module)).get(definition.name)
    first = getattr(getattr(value, "__code__", None), "co_firstlineno", None)
    for node in found:
        lines = [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]
        if first in lines:
            return node
    if len(found) > 1 and is_own(definition.module):
        raise RepositoryError(f"`{definition.name}` is defined in several ways")
    return found[0]


@functools.cache
def meaning(module: str, name: str) -> Meaning | None:
    """Resolve a name in a module; None for builtins and local names."""
    source = source_of(module)
    if name in source.definitions:
        return _of_library(module, name)
    if name in source.imports:
        home, attribute = source.imports[name]
        return imported(home, attribute)
    if hasattr(builtins, name):
        return None
    return None


def imported(home: str, name: str | None) -> Meaning:
    """Resolve an imported name."""
    root = home.partition(".")[0]
    if root in replaced.LIBRARIES and _is_there(root):
        if name is None:
            return Unknown(home)
        return _of_library(home, name)
    return _of_others(home, name)


@functools.cache
def _is_there(library: str) -> bool:
    """Return whether this process can import a library, as it can the transcribed one."""
    return importlib.util.find_spec(library) is not None


def _of_library(home: str, name: str) -> Meaning:
    stand_in = replaced.STAND_INS.get(name)
    if stand_in is not None and not _is_own(home, name):
        return StandIn(stand_in)
    try:
        value = getattr(importlib.import_module(home), name)
    except (ImportError, AttributeError, RuntimeError):
        return Unknown(name)
    if isinstance(value, types.ModuleType):
        return Unknown(name)
    if ".generation_" in str(getattr(value, "__module__", "")):
        return Unknown(name)  # a base class without modules
    if asked := _asked_library(name):
        return PlainValue(name, asked in replaced.INSTALLED, is_call=True)
    if value is None or isinstance(value, (bool, int, float, str)):
        return PlainValue(name, value)
    origin = _home_of(value, home, name)
    if origin is None or origin[0].startswith(replaced.UNKNOWN):
        return Unknown(name)
    return Definition(*origin)


def _is_own(home: str, name: str) -> bool:
    """Return whether a repository's code defines a name that is also a stand-in."""
    return is_own(home) and name in source_of(home).definitions and name != "logger"


def _home_of(value: Any, home: str, name: str) -> tuple[str, str] | None:
    """Return the module and name under which the value of a name is defined."""
    place = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if is_own(home) and isinstance(value, (type, types.FunctionType)) and _is_defined(*place):
        return str(place[0]), str(place[1])  # whichever statement ran
    if name in source_of(home).definitions:
        return home, name
    module = getattr(value, "__module__", None)
    own = getattr(value, "__name__", None)
    if _is_defined(module, own):
        return str(module), str(own)
    if name in source_of(home).imports:
        further, attribute = source_of(home).imports[name]
        found = imported(further, attribute)
        return (found.module, found.name) if isinstance(found, Definition) else None
    return _lazily(home, name)


def _is_defined(module: Any, name: Any) -> bool:
    """Return whether a module of the library defines a name."""
    if not isinstance(module, str) or not isinstance(name, str) or module not in sys.modules:
        return False
    return module.partition(".")[0] in replaced.LIBRARIES and name in source_of(module).definitions


def _lazily(home: str, name: str) -> tuple[str, str] | None:
    """Look up a value in the modules of a package that imports them lazily."""
    lazy = vars(sys.modules[home]).get("_class_to_module") or {}
    where = lazy.get(name)
    if where is None:
        return None
    full = f"{home}.{where}"
    found = meaning(full, name)
    return (found.module, found.name) if isinstance(found, Definition) else None


def _of_others(home: str, name: str | None) -> Meaning:
    """Resolve a name of Python, torch or another library."""
    own = home if name is None else name
    if own in replaced.STAND_INS:
        return StandIn(replaced.STAND_INS[own])
    if home in replaced.STANDARD:
        return External(home, name)
    full = home if name is None else f"{home}.{name}"
    if home.partition(".")[0] == "torch":
        return _of_torch(home, full, own)
    if full == "numpy":
        return StandIn("numpy")
    return Unknown(full, is_foreign=True)


def _of_torch(home: str, full: str, own: str) -> Meaning:
    known = replaced.TORCH.get(full)
    if known is not None:
        return StandIn(known)
    if home == "torch.nn" and own in replaced.stand_ins():
        return StandIn(own)
    return Unknown(full, is_foreign=home.startswith("torch.nn.utils"))
