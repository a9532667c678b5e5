"""The module tree of a model that the catalogue made."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.architecture import CONVOLUTIONS, Kind, Module
from loracfg.base.catalogue.stand_ins import convolutions, layers, sequences
from loracfg.base.catalogue.stand_ins.unknown import UndeterminedError, Unknown

MAX_MODULES: Final = 300_000
"""Largest tree that is made."""

Record = tuple[Any, ...]
"""The fields of a `Module` after its path."""

_KINDS: Final = (
    (layers.Embedding, Kind.EMBEDDING),
    (convolutions.Conv2d, Kind.CONV2D),
    (convolutions.Conv3d, Kind.CONV3D),
    (convolutions.Conv1d, Kind.CONV1D),
    (sequences.MultiheadAttention, Kind.ATTENTION),
    (layers.Linear, Kind.LINEAR),
)


class Walk:
    """Names modules as `named_modules` does: each once, under its first path.

    `modules` are those in order by path, `aliases` the further paths of modules, each with the
    first, and `names` the first paths by the `id` of the module.
    """

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {}
        self.aliases: list[tuple[str, str]] = []
        self.names: dict[int, str] = {}
        self.kept: list[Any] = []  # a clone that is gone would leave its `id` to another
        self.dotted: list[tuple[str, Record]] = []

    def visit(self, module: Any, path: str) -> None:
        """Name a module and what is in it."""
        fields = module.__dict__
        if "_source" in fields:
            self._like(module, path)
            return
        first = self.names.get(id(module))
        if first is not None:
            self.alias(module, path, first)
            return
        self.names[id(module)] = path
        self.modules[path] = _module(path, module)
        if len(self.modules) > MAX_MODULES:
            raise UndeterminedError(f"it has more than {MAX_MODULES} modules")
        for name, child in fields["_modules"].items():
            if child is not None:
                self.visit(child, f"{path}.{name}" if path else name)

    def alias(self, module: Any, path: str, first: str) -> None:
        """Note that a module stands in another place, too."""
        if "_source" in module.__dict__:
            inside = _template(module.__dict__["_source"]).modules
            self.aliases += [(_join(path, suffix), _join(first, suffix)) for suffix in inside]
            return
        self.aliases.append((path, first))
        for name, child in module._modules.items():
            below = self.names.get(id(child))
            if below is not None:
                self.alias(child, f"{path}.{name}", below)

    def _like(self, module: Any, path: str) -> None:
        """Name a clone that nobody looked at: it has what its source has."""
        first = self.names.get(id(module))
        if first is not None:
            self.alias(module, path, first)
            return
        template = _template(module.__dict__["_source"])
        self.names[id(module)] = path
        self.kept.append(module)
        new = tuple.__new__
        self.modules.update(
            [
                ((full := path + suffix), new(Module, (full, *record)))
                for suffix, record in template.suffixes(path)
            ]
        )
        if len(self.modules) > MAX_MODULES:
            raise UndeterminedError(f"it has more than {MAX_MODULES} modules")
        if template.aliases:
            self.aliases += [(_join(path, s), _join(path, t)) for s, t in template.aliases]

    def suffixes(self, path: str) -> list[tuple[str, Record]]:
        """Return what is put after a path to name the modules in there, with the rest of each."""
        if not path:
            return [(suffix, one[1:]) for suffix, one in self.modules.items()]
        if not self.dotted:
            found = self.modules.items()
            self.dotted = [(f".{s}" if s else "", one[1:]) for s, one in found]
        return self.dotted


def _join(path: str, suffix: str) -> str:
    return f"{path}.{suffix}" if path and suffix else path or suffix


def _template(source: Any) -> Walk:
    """Return the walk through a module that clones are made of; it is never changed."""
    fields = source.__dict__
    if "_source" in fields:
        return _template(fields["_source"])
    found: Walk | None = fields.get("_walk")
    if found is None:
        found = Walk()
        found.visit(source, "")
        fields["_walk"] = found
    return found


def _module(path: str, module: Any) -> Module:
    fields = module.__dict__
    parameters = {
        name: _shape(one, path, name)
        for name, one in fields["_parameters"].items()
        if one is not None
    }
    hidden = fields["_hidden"]
    buffers = {
        name: _shape(one, path, name)
        for name, one in fields["_buffers"].items()
        if one is not None and name not in hidden
    }
    kind = kind_of(module)
    groups = module.groups if kind in CONVOLUTIONS else 1
    is_transposed = fields.get("is_transposed") is True
    name = type(module).__name__
    return Module(path, kind, name, parameters, buffers, groups, is_transposed)


def _shape(tensor: Any, path: str, name: str) -> tuple[int, ...]:
    if isinstance(tensor, Unknown) or tensor.is_unknown:
        raise UndeterminedError(f"the shape of `{_join(path, name)}` is not known")
    shape: tuple[int, ...] = tensor.shape
    return shape


def kind_of(module: Any) -> Kind:
    """Return what PEFT takes a module for; one that keeps its weight elsewhere is no layer."""
    kind = _kind(type(module))
    if kind is Kind.OTHER:
        return kind
    needed = "in_proj_weight" if kind is Kind.ATTENTION else "weight"
    return kind if module.__dict__["_parameters"].get(needed) is not None else Kind.OTHER


_of_class: dict[type, Kind] = {}


def _kind(cls: type) -> Kind:
    found = _of_class.get(cls)
    if found is None:
        found = next((kind for base, kind in _KINDS if issubclass(cls, base)), Kind.OTHER)
        if any(
            c.__name__ == "Conv1D" and c.__module__.endswith("pytorch_utils") for c in cls.__mro__
        ):
            found = Kind.CONV1D_GPT2
        _of_class[cls] = found
    return found
