"""Finds the definitions, and the members of classes, that a constructor may use."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from loracfg.base.derivation.source import replaced
from loracfg.base.derivation.source.clean import is_dropped, kept_decorators, last_name
from loracfg.base.derivation.source.names import (
    Definition,
    Meaning,
    absolute,
    imported,
    meaning,
    node_of,
    package_of,
)
from loracfg.base.derivation.source.repository import is_own

ROOTS: Final = frozenset(
    (
        "get_input_embeddings",
        "get_output_embeddings",
        "_tied_weights_keys",
        "_input_embed_layer",
        "base_model_prefix",
        "base_model",
        "post_init",
        "model_type",
        "tie_weights",
        "_tie_weights",
        "_keep_in_fp32_modules",
        "_keep_in_fp32_modules_strict",
        "supports_gradient_checkpointing",
        "has_no_defaults_at_init",
    )
)
"""Members that the catalogue or a stand-in reads."""

NEVER: Final = frozenset(
    (
        "forward",
        "_init_weights",
        "generate",
        "prepare_inputs_for_generation",
        "from_pretrained",
        "save_pretrained",
        "resize_token_embeddings",
        "set_input_embeddings",
        "set_output_embeddings",
        "to_diff_dict",
        "__repr__",
        "__str__",
        "__call__",
        "__eq__",
        "_reset_parameters",
        "reset_parameters",
        "init_parameters",
        "extra_repr",
        "_attn_implementation_autoset",
        "get_config_dict",
        "_get_config_dict",
        "from_json_file",
        "push_to_hub",
    )
)
"""Members that only run on a finished model, or have no effect on its tree."""


_SET_VALUES: Final = frozenset(
    ("_init_weights", "_reset_parameters", "reset_parameters", "init_parameters")
)
"""Members of `NEVER` that only set weight values, except perhaps in a repository's code."""


def _is_never(name: str, definition: Definition) -> bool:
    return name in NEVER and not (name in _SET_VALUES and is_own(definition.module))


class Reach:
    """Follows the names in definitions until there are no new ones."""

    def __init__(self) -> None:
        self.reached: dict[Definition, ast.stmt] = {}
        self.members: dict[Definition, list[ast.stmt]] = defaultdict(list)
        self.mentioned: set[str] = set(ROOTS)
        self.patterns: set[str] = set()
        self.waiting: dict[str, list[tuple[Definition, ast.stmt]]] = defaultdict(list)
        self.queue: list[Definition] = []

    def add(self, found: Meaning | None) -> None:
        """Add the meaning of a name."""
        if isinstance(found, Definition) and found not in self.reached:
            self.reached[found] = node_of(found)
            self.queue.append(found)

    def run(self) -> None:
        """Follow everything that was added."""
        while self.queue:
            definition = self.queue.pop()
            node = self.reached[definition]
            if isinstance(node, ast.ClassDef):
                self._class(definition, node)
            else:
                self._walk(definition.module, node)

    def _class(self, definition: Definition, node: ast.ClassDef) -> None:
        part = None if is_own(definition.module) else replaced.PARTS.get(node.name)
        bases = [b for b in node.bases if not part or ast.unparse(b) in replaced.KEPT_BASES]
        for one in [*bases, *kept_decorators(node, definition.module)]:
            self._walk(definition.module, one)
        is_config = is_config_class(definition)
        for member in node.body:
            for name in member_names(member):
                if name == "forward" and _reads_parameters(definition.module):
                    self.members[definition].append(_only_parameters(member))
                    break
                if _is_never(name, definition) or (part and name not in part[1]):
                    continue
                if (
                    self._is_always(name, member, is_config=is_config)
                    or name in self.mentioned
                    or self._is_matched(name)
                ):
                    self._member(definition, member)
                    break
                self.waiting[name].append((definition, member))

    def _is_always(self, name: str, member: ast.stmt, *, is_config: bool) -> bool:
        if isinstance(member, ast.AnnAssign):
            return is_config or member.value is not None
        is_dunder = name.startswith("__") and name.endswith("__")
        is_key = isinstance(member, ast.FunctionDef) and any(
            last_name(one) in ("property", "setter") for one in member.decorator_list
        )  # any key of a config may be set
        return is_dunder or (is_config and (is_key or name.startswith("validate_")))

    def _is_matched(self, name: str) -> bool:
        return any(re.fullmatch(pattern, name) for pattern in self.patterns)

    def _member(self, definition: Definition, member: ast.stmt) -> None:
        if member in self.members[definition]:
            return
        self.members[definition].append(member)
        self._walk(definition.module, member)

    def _mention(self, name: str) -> None:
        if name not in self.mentioned:
            self.mentioned.add(name)
            for definition, member in self.waiting.pop(name, ()):
                self._member(definition, member)

    def _match(self, pattern: str) -> None:
        if pattern in self.patterns:
            return
        self.patterns.add(pattern)
        for name in [n for n in self.waiting if re.fullmatch(pattern, n)]:
            self._mention(name)

    def _walk(self, module: str, node: ast.AST) -> None:
        for part in mentions(node, module):
            match part:
                case ast.Name(id=name):
                    self.add(meaning(module, name))
                case ast.Attribute(attr=name):
                    self._mention(name)
                case ast.ImportFrom():
                    home = absolute(part, package_of(module))
                    for alias in part.names:
                        self.add(imported(home, alias.name))
                case ast.Call():
                    for argument in part.args[1:2]:
                        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                            self._mention(argument.value)
                        elif isinstance(argument, ast.JoinedStr):
                            self._match(pattern_of(argument))


@cache
def _reads_parameters(module: str) -> bool:
    """Return whether a module's constructors read the parameter names of a part's `forward`."""
    source = inspect.getsource(importlib.import_module(module))
    return re.search(r"signature\([\w.]+\.forward\)", source) is not None


def _only_parameters(member: ast.stmt) -> ast.stmt:
    """Return a function that only keeps the names of its parameters."""
    assert isinstance(member, ast.FunctionDef)
    takes = member.args
    takes.defaults = [ast.Constant(None) for _ in takes.defaults]
    takes.kw_defaults = [one and ast.Constant(None) for one in takes.kw_defaults]
    member.body, member.decorator_list = [ast.Pass()], []
    return member


def pattern_of(text: ast.JoinedStr) -> str:
    """Return a pattern for the texts of an f-string."""
    parts = [
        re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+"
        for one in text.values
    ]
    return "".join(parts)


def mentions(node: ast.AST, module: str) -> Iterator[ast.AST]:
    """Yield the names, attributes, imports and lookups by name in what remains of a statement."""
    if isinstance(node, ast.stmt) and is_dropped(node):
        return
    match node:
        case ast.FunctionDef():
            kept = kept_decorators(node, module)
            for one in [*kept, *node.args.defaults, *node.args.kw_defaults]:
                if one is not None:
                    yield from mentions(one, module)
            for statement in node.body:
                yield from mentions(statement, module)
            return
        case ast.Name() | ast.ImportFrom():
            yield node
        case ast.Attribute():
            yield node
        case ast.Call(func=ast.Name(id="getattr" | "hasattr" | "setattr")):
            yield node
    for child in ast.iter_child_nodes(node):
        yield from mentions(child, module)


def is_config_class(definition: Definition) -> bool:
    """Return whether a class is a dataclass: a config, or another record."""
    value = getattr(importlib.import_module(definition.module), definition.name, None)
    return hasattr(value, "__dataclass_fields__")


def takes_types(definition: Definition) -> bool:
    """Return whether a class checks the types of its fields: a config, or a record in one."""
    value = getattr(importlib.import_module(definition.module), definition.name, None)
    bases = {base.__name__ for base in getattr(value, "__mro__", ())}
    return "ModelOutput" not in bases


def member_names(member: ast.stmt) -> list[str]:
    """Return the names that a statement in a class binds."""
    match member:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [t.id for t in targets if isinstance(t, ast.Name)]
        case ast.If():
            return [n for inner in member.body for n in member_names(inner)]
    return []
