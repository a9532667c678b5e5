"""Writes the reached definitions as modules of a transcript."""

from __future__ import annotations

import ast
import json
import math
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from loracfg.base.derivation.source import replaced
from loracfg.base.derivation.source.clean import Cleaner, kept_decorators
from loracfg.base.derivation.source.names import (
    Definition,
    External,
    Meaning,
    PlainValue,
    StandIn,
    Unknown,
    meaning,
    source_of,
)
from loracfg.base.derivation.source.reach import Reach, is_config_class, takes_types
from loracfg.base.derivation.source.repository import RepositoryError, is_own


def file_of(module: str) -> str:
    """Return the name of the file for the definitions of a library module."""
    parts = module.split(".")
    if parts[1:2] == ["models"] and parts[0] == "transformers":
        package, last = parts[2], parts[-1]
        is_main = last in (f"configuration_{package}", f"modeling_{package}")
        return package if is_main else f"{package}__{last}"
    if parts[:2] == ["diffusers", "models"]:
        is_taken = len(parts) > 3 and find_spec(f"diffusers.models.{parts[-1]}") is not None
        return "__".join(parts[2:]) if is_taken else parts[-1]
    return "_".join(["common", *parts[1:]])


class FileWriter:
    """A module of a transcript."""

    def __init__(self, file: str, reach: Reach) -> None:
        self.file = file
        self.reach = reach
        self.used: dict[str, Meaning] = {}

    def use(self, module: str, name: str) -> None:
        """Record a name that the module uses.

        Raises:
            ValueError: if two library modules in the same file give it different meanings.
        """
        found = StandIn(name) if name in replaced.BUILTINS else meaning(module, name)
        if found is None:
            return
        known = self.used.setdefault(name, found)
        if isinstance(known, Unknown):
            self.used[name] = found
        elif known != found and not isinstance(found, Unknown):
            raise ValueError(f"{self.file}: `{name}` is {known} and {found}")

    def local_import(self, found: Meaning, name: str) -> ast.stmt:
        """Return the statement that imports a name into a function."""
        if isinstance(found, Unknown):
            kind = "Foreign" if found.is_foreign else "Unknown"
            self.used[kind] = StandIn(kind)
        return ast.parse(self._import(name, found) or "pass").body[0]

    def _import(self, name: str, found: Meaning) -> str | None:
        """Return the line that defines a name; None if the module defines it already."""
        match found:
            case Definition(module, own) if file_of(module) == self.file:
                return f"{name} = {own}" if name != own else None
            case Definition(module, own):
                return _from(f".{special(found) or file_of(module)}", own, name)
            case StandIn(own):
                return _from(".auto" if own in AUTO else replaced.stand_ins()[own], own, name)
            case External(module, own):
                if own is not None:
                    return _from(module, own, name)
                return f"import {module}" + (f" as {name}" if name != module else "")
            case PlainValue(_, value, is_call):
                return f"{name} = {'lambda *_: ' if is_call else ''}{_literal(value)}"
            case Unknown(what, is_foreign):
                return f"{name} = {'Foreign' if is_foreign else 'Unknown'}({what!r})"

    def text(self, definitions: list[Definition]) -> str:
        """Return the text of the module."""
        body = [ast.unparse(ast.fix_missing_locations(self._definition(d))) for d in definitions]
        own = {d.name for d in definitions}
        brought: dict[str, list[str]] = defaultdict(list)
        assigned = []
        for name in sorted(self.used):
            found = self.used[name]
            if isinstance(found, Definition) and file_of(found.module) == self.file and name in own:
                continue
            line = self._import(name, found)
            if line is None:
                continue
            home, is_from, what = line.partition(" import ")
            if is_from:
                brought[home].append(what)
            else:
                assigned.append(line)
        for kind in ("Unknown", "Foreign"):
            if any(f" = {kind}(" in line for line in assigned):
                brought[f"from {replaced.stand_ins()[kind]}"].append(kind)
        imports = [
            f"{home} import {', '.join(dict.fromkeys(names))}" for home, names in brought.items()
        ]
        head = "\n".join([*sorted(imports), *sorted(assigned, key=lambda a: (" = " in a, a))])
        return "\n\n".join([head, *body]) + "\n"

    def _definition(self, definition: Definition) -> ast.stmt:
        node = self.reach.reached[definition]
        cleaner = Cleaner(definition.module, self.use, self.local_import)
        if isinstance(node, ast.ClassDef):
            return self._class(definition, node, cleaner)
        made = cleaner.visit(node)
        return made if made is not None else ast.Pass()

    def _class(self, definition: Definition, node: ast.ClassDef, cleaner: Cleaner) -> ast.stmt:
        kept = {id(one) for one in self.reach.members[definition]}
        is_config = is_config_class(definition)
        body: list[ast.stmt] = []
        for member in node.body:
            if id(member) not in kept:
                continue
            if is_config and isinstance(member, ast.AnnAssign):
                body.append(self._field(member, definition, cleaner))
            elif (made := cleaner.visit(member)) is not None:
                body.append(made)
        node.bases = [cleaner.visit(b) for b in node.bases if self._is_base(b, definition)]
        if node.name in replaced.PARTS and not is_own(definition.module):
            stand_in, _ = replaced.PARTS[node.name]
            self.used[stand_in] = StandIn(stand_in)
            node.bases = [ast.Name(stand_in), *node.bases]
        node.keywords = [cleaner.visit(k) for k in node.keywords if k.arg != "metaclass"]
        node.decorator_list = [cleaner.visit(d) for d in kept_decorators(node, definition.module)]
        node.body = body or [ast.Pass()]
        return node

    def _is_base(self, base: ast.expr, definition: Definition) -> bool:
        if is_own(definition.module):
            return self._is_base_of_own(base, definition)
        if definition.name in replaced.PARTS and ast.unparse(base) not in replaced.KEPT_BASES:
            return False
        if isinstance(base, ast.Name):
            return not isinstance(meaning(definition.module, base.id), (Unknown, PlainValue))
        return not isinstance(base, ast.Subscript)

    def _is_base_of_own(self, base: ast.expr, definition: Definition) -> bool:
        """Return whether a repository's class keeps a base.

        Raises:
            RepositoryError: if the base is unknown and may add modules.
        """
        name = ast.unparse(base)
        root = next((one.id for one in ast.walk(base) if isinstance(one, ast.Name)), "")
        found = meaning(definition.module, root)
        if isinstance(found, PlainValue) or (isinstance(found, Unknown) and found.is_foreign):
            raise RepositoryError(f"`{definition.name}` derives from `{name}`")
        return not isinstance(found, Unknown)

    def _field(self, node: ast.AnnAssign, definition: Definition, cleaner: Cleaner) -> ast.stmt:
        module = definition.module
        if not takes_types(definition):
            node.annotation = ast.Constant("object")
        elif source_of(module).has_text_annotations:
            is_class = "ClassVar" in ast.unparse(node.annotation)
            if is_class:
                assert node.value is not None
                return ast.Assign(targets=[node.target], value=cleaner.visit(node.value), lineno=0)
            node.annotation = ast.Constant(ast.unparse(node.annotation))
        else:
            node.annotation = cleaner.visit(node.annotation)
        node.value = cleaner.visit(node.value) if node.value else None
        return node


def _from(module: str, own: str, name: str) -> str:
    return f"from {module} import {own}" + (f" as {name}" if own != name else "")


def _literal(value: Any) -> str:
    is_plain = not isinstance(value, float) or math.isfinite(value)
    return repr(value) if is_plain else f"float({str(value)!r})"


LICENCE: Final = "Apache-2.0, The Hugging Face team"
AUTO: Final = ("CONFIG_MAPPING", "AutoConfig", "GenerationConfig")


def special(found: Definition) -> str | None:
    """Return the file of the auto classes."""
    return "auto" if found.module.endswith("modeling_auto") else None


def write(reach: Reach, out: Path, library: str) -> dict[str, str]:
    """Write all reached definitions of a library; return the file of each name."""
    files: dict[str, list[Definition]] = defaultdict(list)
    for definition in reach.reached:
        if special(definition) is None:
            files[file_of(definition.module)].append(definition)
    out.mkdir(parents=True, exist_ok=True)
    where: dict[str, str] = {}
    for file, definitions in sorted(files.items()):
        definitions.sort(key=_position)
        text = FileWriter(file, reach).text(definitions)
        (out / f"{file}.py").write_text(f"{head(library, file)}{text}", "utf-8")
        for definition in definitions:
            where.setdefault(definition.name, file)
    (out / "__init__.py").write_text(head(library, "all"), "utf-8")
    return where


def head(library: str, what: str) -> str:
    """Return the docstring of a module."""
    return f'"""Transcript of {library} ({LICENCE}): {what}."""\n'


def _position(definition: Definition) -> tuple[str, int]:
    source = source_of(definition.module)
    nodes = source.definitions[definition.name]
    return definition.module, min(node.lineno for node in nodes)


def dump(path: Path, value: object) -> None:
    """Write JSON."""
    path.write_text(json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
