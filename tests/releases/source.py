"""Read the declarations in a PEFT wheel from its source, without running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

REQUIRED: Final = object()
"""The default of a field that has none."""

LORA: Final = ("peft/tuners/lora/config.py", "peft/tuners/lora.py")
CONFIG: Final = ("peft/config.py", "peft/utils/config.py")
ENUMS: Final = ("peft/utils/peft_types.py", "peft/utils/config.py")
LAYERS: Final = ("peft/tuners/lora/layer.py", "peft/tuners/lora.py")
DEFAULT_TARGETS: Final = ("peft/utils/constants.py", "peft/utils/other.py", "peft/mapping.py")
"""Where things are, today's place first: the wheel of 0.6.2 has old modules beside the new."""

_TARGETS_NAME: Final = "TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING"
_INIT_FIELD: Final = "init_lora_weights"


@dataclass(frozen=True)
class Factory:
    """A default that a function makes."""

    name: str


@dataclass(frozen=True)
class Code:
    """A default that is neither a literal nor a factory."""

    text: str


@dataclass(frozen=True)
class DataField:
    """A field of a dataclass: `default` is a literal, `Factory`, `Code` or `REQUIRED`."""

    name: str
    annotation: str
    default: Any
    init: bool = True

    @cached_property
    def choices(self) -> tuple[Any, ...]:
        """The values that `Literal[...]` in the annotation names, in order."""
        found: list[Any] = []
        for node in ast.walk(ast.parse(self.annotation, mode="eval")):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
                found += [n.value for n in ast.walk(node.slice) if isinstance(n, ast.Constant)]
        return tuple(found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in the annotation, such as `Optional` and `EvaConfig`."""
        nodes = ast.walk(ast.parse(self.annotation, mode="eval"))
        return tuple(node.id for node in nodes if isinstance(node, ast.Name))


@dataclass(frozen=True)
class Inits:
    """The strings that LoRA's layers compare `init_lora_weights` with."""

    exact: frozenset[str]
    caseless: frozenset[str]
    prefixes: frozenset[str]


class Source:
    """The source of a wheel.

    Raises:
        LookupError: from every member, if what it looks for is in none of the places known here.
    """

    def __init__(self, wheel: Path) -> None:
        self._wheel = wheel
        with ZipFile(wheel) as archive:
            self._texts = {
                name: archive.read(name).decode()
                for name in archive.namelist()
                if name in {*LORA, *CONFIG, *ENUMS, *LAYERS, *DEFAULT_TARGETS}
            }
        self._trees: dict[str, ast.Module] = {}

    @cached_property
    def fields(self) -> dict[str, DataField]:
        """The fields of `LoraConfig` and of its bases, in the order of the dataclass.

        Where `__post_init__` replaces a field by a member of `PeftType`, that is its default.
        """
        found = self.fields_of("LoraConfig")
        for name, member in self._forced():
            found[name] = replace(found[name], default=self.peft_types[member])
        return found

    @cached_property
    def nested(self) -> dict[str, dict[str, DataField]]:
        """The fields of the dataclasses that the annotations of `LoraConfig` name, by class."""
        here = {node.name for node in self._classes(LORA)}
        names = {name for field in self.fields.values() for name in field.names if name in here}
        return {name: self.fields_of(name) for name in sorted(names)}

    @cached_property
    def task_types(self) -> dict[str, str]:
        """The members of `TaskType` with their values."""
        return self._members("TaskType")

    @cached_property
    def peft_types(self) -> dict[str, str]:
        """The members of `PeftType` with their values."""
        return self._members("PeftType")

    @cached_property
    def inits(self) -> Inits:
        """The strings that stand for a method of initialisation in the code of layers."""
        exact: set[str] = set()
        caseless: set[str] = set()
        prefixes: set[str] = set()
        for node in ast.walk(self._tree(LAYERS)):
            match node:
                case ast.Compare() if _speaks_of_init(node):
                    ignores_case = ast.unparse(node.left).endswith(".lower()")
                    found = caseless if ignores_case else exact
                    found.update(_strings(node.left, *node.comparators))
                case ast.Call(func=ast.Attribute(attr="startswith")) if _speaks_of_init(node.func):
                    prefixes.update(_strings(*node.args))
        return Inits(frozenset(exact), frozenset(caseless), frozenset(prefixes))

    @cached_property
    def default_targets(self) -> dict[str, Any]:
        """The default of `target_modules` by model type."""
        for path in self._present(DEFAULT_TARGETS):
            for node in self._parsed(path).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == _TARGETS_NAME:
                    table: dict[str, Any] = ast.literal_eval(node.value)
                    return table
        raise self._absent(_TARGETS_NAME, DEFAULT_TARGETS)

    def fields_of(self, name: str) -> dict[str, DataField]:
        """Return the fields of a dataclass in LoRA's config module, those of its bases first."""
        found: dict[str, DataField] = {}
        node = self._class(name)
        for base in reversed(node.bases):
            if any(base_node.name == ast.unparse(base) for base_node in self._classes(CONFIG)):
                found |= self.fields_of(ast.unparse(base))
        if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
            # An overridden field keeps its place, as in a dict.
            found |= {field.name: field for field in map(_field, _annotated(node))}
        return found

    def _forced(self) -> Iterator[tuple[str, str]]:
        """Yield the fields that `__post_init__` always sets to a member of `PeftType`."""
        body = self._class("LoraConfig").body
        functions = [node for node in body if isinstance(node, ast.FunctionDef)]
        statements = [f.body for f in functions if f.name == "__post_init__"]
        for statement in statements[0] if statements else ():
            match statement:
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name("self"), attr=field)],
                    value=ast.Attribute(value=ast.Name("PeftType"), attr=member),
                ):
                    yield field, member

    def _members(self, name: str) -> dict[str, str]:
        node = _one(name, self._classes(ENUMS))
        if node is None:
            raise self._absent(name, ENUMS)
        return {
            ast.unparse(statement.targets[0]): ast.literal_eval(statement.value)
            for statement in node.body
            if isinstance(statement, ast.Assign)
        }

    def _class(self, name: str) -> ast.ClassDef:
        node = _one(name, [*self._classes(LORA), *self._classes(CONFIG)])
        if node is None:
            raise self._absent(name, (*LORA, *CONFIG))
        return node

    def _classes(self, places: tuple[str, ...]) -> list[ast.ClassDef]:
        return [node for node in self._tree(places).body if isinstance(node, ast.ClassDef)]

    def _tree(self, places: tuple[str, ...]) -> ast.Module:
        """Parse the first of several modules that the wheel has."""
        for path in self._present(places):
            return self._parsed(path)
        raise self._absent("a module", places)

    def _present(self, places: Iterable[str]) -> Iterator[str]:
        return (path for path in places if path in self._texts)

    def _parsed(self, path: str) -> ast.Module:
        if path not in self._trees:
            with warnings.catch_warnings():  # of a `\.` in a plain string, up to 0.5.0
                warnings.simplefilter("ignore")
                self._trees[path] = ast.parse(self._texts[path])
        return self._trees[path]

    def _absent(self, what: str, places: Iterable[str]) -> LookupError:
        return LookupError(f"{what} is not in {self._wheel.name} at {', '.join(places)}")


def _one(name: str, nodes: Iterable[ast.ClassDef]) -> ast.ClassDef | None:
    return next((node for node in nodes if node.name == name), None)


def _annotated(node: ast.ClassDef) -> Iterator[ast.AnnAssign]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(annotation=type_) if "ClassVar" not in ast.unparse(type_):
                yield statement


def _field(node: ast.AnnAssign) -> DataField:
    name, annotation = ast.unparse(node.target), ast.unparse(node.annotation)
    value = node.value
    if not (isinstance(value, ast.Call) and ast.unparse(value.func).endswith("field")):
        return DataField(name, annotation, REQUIRED if value is None else _literal(value))
    options = {keyword.arg: keyword.value for keyword in value.keywords}
    default: Any = REQUIRED
    if "default" in options:
        default = _literal(options["default"])
    elif "default_factory" in options:
        default = Factory(ast.unparse(options["default_factory"]))
    init = "init" not in options or bool(ast.literal_eval(options["init"]))
    return DataField(name, annotation, default, init)


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return Code(ast.unparse(node))


def _speaks_of_init(node: ast.AST) -> bool:
    return any(
        _INIT_FIELD in (getattr(n, "id", None), getattr(n, "attr", None)) for n in ast.walk(node)
    )


def _strings(*nodes: ast.expr) -> set[str]:
    """Return the strings among the nodes, or in a list or tuple among them."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found |= _strings(*node.elts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found
