"""Stands in for the containers of `torch.nn`, with modules or parameters by number or name."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Self, SupportsIndex

from loracfg.base.derivation.stand_ins.module import Module, Parameter
from loracfg.base.derivation.stand_ins.tensors import Tensor


class ModuleList(Module):
    """A list of modules, named by their numbers."""

    def __init__(self, modules: Iterable[Any] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def _index(self, index: Any) -> str:
        at = index.__index__()
        if not -len(self) <= at < len(self):
            raise IndexError(f"index {at} is out of range")
        return str(at % len(self))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(list(self._modules.values())[index])
        return self._modules[self._index(index)]

    def __setitem__(self, index: Any, module: Any) -> None:
        setattr(self, self._index(index), module)

    def __delitem__(self, index: Any) -> None:
        kept = list(self._modules.values())
        del kept[index]
        self._renumber(kept)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._modules.values()))

    def __iadd__(self, modules: Any) -> Any:
        return self.extend(modules)

    def __add__(self, other: Any) -> Any:
        return ModuleList([*self, *other])

    def __contains__(self, module: Any) -> bool:
        return any(one is module for one in self)

    def append(self, module: object) -> Self:
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: object) -> None:
        kept = list(self._modules.values())
        kept.insert(index, module)
        self._renumber(kept)

    def _renumber(self, kept: list[Any]) -> None:
        for name in self._modules:
            self.__dict__.pop(name, None)
        self.__dict__["_modules"] = {str(n): one for n, one in enumerate(kept)}

    def pop(self, index: SupportsIndex | slice) -> Module | None:
        found: Module | None = self[index]
        del self[index]
        return found

    def extend(self, modules: Iterable[object]) -> Self:
        start = len(self)
        own = self._modules
        for number, module in enumerate(modules, start):
            if not isinstance(module, Module) and module is not None:
                raise TypeError(f"{module!r} is not a Module subclass")
            own[str(number)] = module
        return self


class Sequential(ModuleList):
    """A sequence of modules, named by their numbers or by an ordered dict."""

    def __init__(self, *modules: Any) -> None:
        Module.__init__(self)
        if len(modules) == 1 and isinstance(modules[0], OrderedDict):
            for name, module in modules[0].items():
                self.add_module(name, module)
        else:
            for number, module in enumerate(modules):
                self.add_module(str(number), module)

    def _index(self, index: Any) -> str:
        return list(self._modules)[int(super()._index(index))]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(OrderedDict(list(self._modules.items())[index]))
        return list(self._modules.values())[index]


class ModuleDict(Module):
    """Modules by name."""

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def update(self, modules: Mapping[str, object] | Iterable[tuple[str, object]]) -> None:
        items = modules.items() if hasattr(modules, "items") else modules
        for name, module in items:
            self[name] = module

    def __getitem__(self, name: str) -> Any:
        return self._modules[name]

    def __setitem__(self, name: str, module: Any) -> None:
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f"{module!r} is not a Module subclass")
        if not isinstance(name, str):
            raise TypeError("module name should be a string")
        if "." in name or not name:
            raise KeyError("no name of a module")
        if name not in self._modules and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        self._modules[name] = module

    def __delitem__(self, name: str) -> None:
        del self._modules[name]
        self.__dict__.pop(name, None)

    def pop(self, name: str) -> Module | None:
        found: Module | None = self[name]
        del self[name]
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._modules

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._modules))

    def keys(self) -> KeysView[str]:
        return self._modules.keys()

    def values(self) -> ValuesView[Module | None]:
        return self._modules.values()

    def items(self) -> ItemsView[str, Module | None]:
        return self._modules.items()


class ParameterList(Module):
    """A list of parameters."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self.__dict__["size"] = 0
        for one in values or ():
            self.append(one)

    def append(self, value: object) -> Self:
        made = value
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            made = Parameter(value)
        setattr(self, str(self.__dict__["size"]), made)
        self.__dict__["size"] += 1
        return self

    def __len__(self) -> int:
        return int(self.__dict__["size"])

    def __getitem__(self, index: int) -> Any:
        return self.__dict__[str(index % len(self))]

    def __iter__(self) -> Iterator[Any]:
        return iter([self[n] for n in range(len(self))])


class ParameterDict(Module):
    """Parameters by name."""

    def __init__(self, values: Any = None) -> None:
        super().__init__()
        found = (values or {}).items()
        for name, one in sorted(found) if type(values) is dict else found:
            self[name] = one

    def __setitem__(self, name: str, value: Any) -> None:
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            value = Parameter(value)
        setattr(self, str(name), value)

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def keys(self) -> KeysView[str]:
        return self._parameters.keys()
