"""The module tree of a model that the catalogue made."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from loracfg.base.architecture import CONVOLUTIONS, Kind, Module
from loracfg.base.catalogue.stand_ins import convolutions, layers, sequences
from loracfg.base.catalogue.stand_ins.unknown import UndeterminedError, Unknown
from loracfg.kept import Kept

MAX_MODULES: Final = 300_000
"""Largest tree that is made."""

_MAX_HELD: Final = 4096
"""Modules that one template holds on to for further models."""

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
        self.modules.update(template.under(path))
        if len(self.modules) > MAX_MODULES:
            raise UndeterminedError(f"it has more than {MAX_MODULES} modules")
        if template.aliases:
            self.aliases += [(_join(path, s), _join(path, t)) for s, t in template.aliases]


class _Template:
    """What clones of a module have: `modules` and `aliases` by their paths in it."""

    def __init__(self, modules: dict[str, Module], aliases: list[tuple[str, str]]) -> None:
        self.modules = modules
        self.aliases = aliases
        self.held: dict[str, dict[str, Module]] = {}

    @property
    def key(self) -> Hashable:
        """What tells it from others."""
        modules = tuple(
            (*one[:3], *one[5:], *map(tuple, (one.parameters.items(), one.buffers.items())))
            for one in self.modules.values()
        )
        return modules, tuple(self.aliases)

    def under(self, path: str) -> dict[str, Module]:
        """Return the modules of a clone at a path; layers of one model are those of the next."""
        found = self.held.get(path)
        if found is None:
            named = ((_join(path, suffix), one) for suffix, one in self.modules.items())
            new = tuple.__new__
            found = {full: new(Module, (full, *one[1:])) for full, one in named}
            if (len(self.held) + 1) * len(found) <= _MAX_HELD:
                self.held[path] = found
        return found


_TEMPLATES: Final[Kept[_Template]] = Kept(16)


def _join(path: str, suffix: str) -> str:
    return f"{path}.{suffix}" if path and suffix else path or suffix


def _template(source: Any) -> _Template:
    """Return what the clones of a module have; the module is never changed."""
    fields = source.__dict__
    if "_source" in fields:
        return _template(fields["_source"])
    found: _Template | None = fields.get("_template")
    if found is None:
        walk = Walk()
        walk.visit(source, "")
        new = found = _Template(walk.modules, walk.aliases)
        if len(walk.modules) <= _MAX_HELD:
            found = _TEMPLATES.get(new.key, lambda: new)
        fields["_template"] = found
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
