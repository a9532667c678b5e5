"""Classes of a package with those that they inherit from, by its syntax trees alone."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.runtimes.extract.packages import Package

_MAX_HOPS: Final = 20


class Found(NamedTuple):
    """A class, and the file that it is defined in."""

    file: str
    node: ast.ClassDef


class Classes:
    """The classes of a package."""

    def __init__(self, package: Package) -> None:
        """Take the package; files are parsed when they are asked for."""
        self.package = package
        self._files: Final = frozenset(package.names)
        self._names: dict[str, dict[str, ast.ClassDef | tuple[str, str]]] = {}

    def file_of(self, module: str) -> str | None:
        """Return the file of a module, such as `vllm.lora.utils`."""
        stem = module.replace(".", "/")
        return next((f for f in (f"{stem}.py", f"{stem}/__init__.py") if f in self._files), None)

    def find(self, module: str, name: str, hops: int = _MAX_HOPS) -> Found | None:
        """Return the class that a name stands for in a module, wherever it is from."""
        file = self.file_of(module)
        found = self._of(file).get(name) if file else None
        if isinstance(found, ast.ClassDef):
            return Found(str(file), found)
        if found is None or not hops:
            return None
        return self.find(*found, hops - 1)

    def code(self, module: str, name: str, hops: int = _MAX_HOPS) -> tuple[str, ast.AST] | None:
        """Return what a name stands for in a module: a class, a function or an assigned value."""
        file = self.file_of(module)
        if file is None or not hops:
            return None
        for node in _statements(self.package.tree(file).body):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
                return file, node
            if isinstance(node, ast.Assign | ast.AnnAssign) and assigned([node], name) is not None:
                return file, node
        origin = self._of(file).get(name)
        return self.code(*origin, hops - 1) if isinstance(origin, tuple) else None

    def line(self, found: Found, hops: int = _MAX_HOPS) -> Iterator[Found | None]:
        """Yield a class and all that it inherits from in the package, None for what is not clear.

        A base that a call makes counts as what the call is given.
        """
        yield found
        for base in found.node.bases if hops else ():
            for name in _names(base):
                parent = self.find(_module(found.file), name)
                if parent and parent.node is not found.node:
                    yield from self.line(parent, hops - 1)
                elif parent is None and not self._is_foreign(found.file, name):
                    yield None

    def _is_foreign(self, file: str, name: str) -> bool:
        """Tell whether a name is another package's, or Python's own."""
        origin = self._of(file).get(name)
        root = file.split("/", 1)[0]
        if isinstance(origin, tuple):
            return origin[0].split(".")[0] != root
        return hasattr(builtins, name)

    def _of(self, file: str) -> dict[str, ast.ClassDef | tuple[str, str]]:
        """Return what the names of a file stand for: classes, or names of other modules."""
        if file not in self._names:
            names: dict[str, ast.ClassDef | tuple[str, str]] = {}
            package = file.rpartition("/")[0].split("/")
            for node in _statements(self.package.tree(file).body):
                if isinstance(node, ast.ImportFrom):
                    above = package[: len(package) - node.level + 1] if node.level else []
                    origin = ".".join([*above, *([node.module] if node.module else [])])
                    for alias in node.names:
                        names.setdefault(alias.asname or alias.name, (origin, alias.name))
            for node in self.package.tree(file).body:
                if isinstance(node, ast.ClassDef):
                    names[node.name] = node
                elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            names.setdefault(target.id, (_module(file), node.value.id))
            self._names[file] = names
        return self._names[file]


def _names(base: ast.expr) -> Iterator[str]:
    """Yield the names that a base is made of; `nn.Module` and its like have no part in it."""
    match base:
        case ast.Name():
            yield base.id
        case ast.Subscript():
            yield from _names(base.value)
        case ast.Call():
            for argument in base.args:
                yield from _names(argument)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, and those under its conditions."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _statements([*node.body, *node.orelse])


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    """Return what a name is assigned in a body, with or without an annotation."""
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value  # type: ignore[attr-defined,no-any-return]
    return None


def reached(classes: Classes, found: Found, below: str) -> list[ast.AST]:
    """Return a class, and the code in a folder that it mentions, and which that mentions."""
    seen: dict[tuple[str, str], ast.AST] = {}
    waiting: list[tuple[str, str, ast.AST]] = [(found.file, found.node.name, found.node)]
    while waiting:
        file, name, node = waiting.pop()
        if (file, name) in seen or not file.startswith(below):
            continue
        seen[file, name] = node
        mentioned = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        found_there = ((other, classes.code(_module(file), other)) for other in sorted(mentioned))
        waiting += [(code[0], other, code[1]) for other, code in found_there if code]
    return list(seen.values())


def members(code: list[ast.AST], *endings: str) -> frozenset[str]:
    """Return the attributes that are made by calls of something with one of these endings."""
    made = set()
    for one in code:
        for node in ast.walk(one):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                called = node.value.func
                name = str(getattr(called, "id", None) or getattr(called, "attr", ""))
                if name.endswith(endings):
                    made |= {t.attr for t in node.targets if isinstance(t, ast.Attribute)}
    return frozenset(made)


def mentions(code: list[ast.AST], *names: str) -> bool:
    """Tell whether code mentions one of these names."""
    return any(getattr(n, "id", "") in names for one in code for n in ast.walk(one))
