"""Stands in for `torch.nn.Module`: records what is registered, in which order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, Final, Self

from loracfg.base.derivation.stand_ins.tensors import Tensor, sizes
from loracfg.base.derivation.stand_ins.turns import count_module
from loracfg.base.derivation.stand_ins.unknown import Unknown


class Parameter(Tensor):
    """A tensor that its module registers."""

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        return super().__new__(cls)

    def __init__(self, data: Any = None, requires_grad: bool = True) -> None:
        if isinstance(data, Unknown):
            self.shape = ()
            self.is_unknown = True
        else:
            self.shape = (0,) if data is None else data.shape
            self.is_unknown = False
        self.values = None

    def copy(self) -> Parameter:
        """Return a copy of the parameter."""
        new = object.__new__(Parameter)
        new.__dict__.update(self.__dict__)
        return new

    def __bool__(self) -> bool:
        return True


def parameter(*shape: object) -> Parameter:
    """Return a parameter of a shape."""
    made: Parameter = Parameter.__new__(Parameter)
    made.__dict__.update(shape=sizes(shape), known=None, is_unknown=False)
    return made


class Buffer(Tensor):
    """A tensor that its module registers as a buffer."""

    def __init__(self, data: Any = None, *, persistent: bool = True) -> None:
        self.is_unknown = isinstance(data, Unknown)
        self.shape, self.known = ((), None) if self.is_unknown else (data.shape, data.known)
        self.persistent = persistent


@functools.cache
def properties(cls: type) -> dict[str, property]:
    """Return the properties of a class by name."""
    return {
        name: value
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, property)
    }


_places: dict[type, str] = {}


def _place_of(cls: type) -> str:
    """Return the dict in which a module registers instances of a class; empty if there is none."""
    found = next((place for base, place in _PLACES.items() if issubclass(cls, base)), "")
    _places[cls] = found
    return found


class Module:
    """A module, with its modules, parameters and buffers."""

    training = True
    _modules: dict[str, Any]
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _hidden: set[str]

    def __init__(self, *_: Any, **__: Any) -> None:
        count_module()
        fields = self.__dict__
        fields["_modules"] = {}
        fields["_parameters"] = {}
        fields["_buffers"] = {}
        fields["_hidden"] = set()

    def __getattr__(self, name: str) -> Any:
        for kind in ("_modules", "_parameters", "_buffers"):
            held = self.__dict__.get(kind, ())
            if name in held:
                return held[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name: str, value: Any) -> None:
        fields = self.__dict__
        place = _places.get(type(value))
        if place is None:
            place = _place_of(type(value))
        if place:
            self._register(name, value, place)
            return
        if "_modules" in fields:
            if name in fields["_parameters"]:
                if value is not None and not isinstance(value, Unknown):
                    raise TypeError(f"cannot assign to parameter '{name}'")
                fields["_parameters"][name] = None if value is None else UNKNOWN_PARAMETER
            elif name in fields["_modules"]:
                if value is not None:
                    raise TypeError(f"cannot assign to child module '{name}'")
                fields["_modules"][name] = None
            elif name in fields["_buffers"]:
                if value is not None and not isinstance(value, Unknown):
                    raise TypeError(f"cannot assign to buffer '{name}'")
                fields["_buffers"][name] = value
        own_class: Any = type(self)
        setter = properties(own_class).get(name)
        if setter is not None:
            setter.__set__(self, value)
        else:
            fields[name] = value

    def _register(self, name: str, value: Any, place: str) -> None:
        fields = self.__dict__
        if place == "_buffers":
            self.register_buffer(name, value, value.persistent)
            return
        if place != "values":
            if "_modules" not in fields:
                raise AttributeError("cannot assign before Module.__init__() call")
            if place == "_parameters":
                if name not in fields["_parameters"] and hasattr(type(self), name):
                    raise KeyError(f"attribute '{name}' already exists")
                if "." in name or not name:
                    raise KeyError(f"{name!r} is no name")
            elif name in fields["_parameters"]:
                raise TypeError(f"cannot assign to parameter '{name}'")
            for other in ("_modules", "_parameters", "_buffers"):
                if other != place and name in fields[other]:
                    del fields[other][name]
            fields[place][name] = value
        elif name in fields.get("_buffers", ()):
            fields["_buffers"][name] = value
        elif name in fields.get("_parameters", ()) or name in fields.get("_modules", ()):
            raise TypeError(f"cannot assign a tensor to '{name}'")
        fields[name] = value

    def __delattr__(self, name: str) -> None:
        fields = self.__dict__
        held = [of for of in (self._modules, self._parameters, self._buffers) if name in of]
        if not held and name not in fields:
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        for of in held:
            del of[name]
        fields.pop(name, None)

    def _check(self, name: Any, held: dict[str, Any]) -> None:
        """Reject a name that torch rejects."""
        if not isinstance(name, str):
            raise TypeError(f"{name!r} is no name")
        if name not in held and (name in self.__dict__ or hasattr(type(self), name)):
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name or not name:
            raise KeyError(f"{name!r} is no name")

    def register_parameter(self, name: str, param: object) -> None:
        self._check(name, self._parameters)
        if param is not None and not isinstance(param, (Parameter, Unknown)):
            raise TypeError(f"{param!r} is no parameter")
        if param is None:
            self._parameters[name] = None
            self.__dict__[name] = None
        else:
            setattr(self, name, param)

    def register_buffer(self, name: str, tensor: object, persistent: bool = True) -> None:
        fields = self.__dict__
        if "_buffers" not in fields:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        self._check(name, fields["_buffers"])
        if tensor is not None and not isinstance(tensor, (Tensor, Unknown)):
            raise TypeError(f"{tensor!r} is no tensor")
        fields["_buffers"][name] = tensor
        fields[name] = tensor
        if persistent:
            fields["_hidden"].discard(name)
        else:
            fields["_hidden"].add(name)

    def add_module(self, name: str, module: object) -> None:
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f"{module!r} is not a Module subclass")
        self._check(name, self._modules)
        self._modules[name] = module
        self.__dict__[name] = module

    register_module = add_module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        seen = set()
        for name, module in self._modules.items():
            if module is not None and id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def children(self) -> Iterator[Module]:
        return iter([module for _, module in self.named_children()])

    def named_modules(
        self, memo: set[int] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        memo = set() if memo is None else memo
        if id(self) in memo:
            return
        if remove_duplicate:
            memo.add(id(self))
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                inner = f"{prefix}.{name}" if prefix else name
                yield from module.named_modules(memo, inner, remove_duplicate)

    def modules(self) -> Iterator[Module]:
        return iter([module for _, module in self.named_modules()])

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        yield from self._named("_parameters", prefix, recurse, remove_duplicate)

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor | Unknown]]:
        yield from self._named("_buffers", prefix, recurse, remove_duplicate)

    def _named(
        self, what: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
        for path, module in modules if recurse else [(prefix, self)]:
            for name, one in getattr(module, what).items():
                if one is not None and id(one) not in seen:
                    if remove_duplicate:
                        seen.add(id(one))
                    yield (f"{path}.{name}" if path else name), one

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        return iter([one for _, one in self.named_parameters(recurse=recurse)])

    def get_submodule(self, target: str) -> object:
        at: object = self
        for name in target.split(".") if target else ():
            at = getattr(at, name)
        return at

    def get_parameter(self, target: str) -> object:
        path, _, name = target.rpartition(".")
        return getattr(self.get_submodule(path), name)

    def _self(self, *_: Any, **__: Any) -> Any:
        return self

    def apply(self, function: Callable[[Module], object]) -> Self:
        for module in self.children():
            module.apply(function)
        function(self)
        return self

    to = eval = train = requires_grad_ = half = float = cuda = cpu = double = _self
    bfloat16 = to_empty = _self

    def _nothing(self, *_: Any, **__: Any) -> Any:
        return Unknown("what a module computes")

    register_forward_hook = register_forward_pre_hook = register_load_state_dict_post_hook = (
        _nothing
    )
    _register_load_state_dict_pre_hook = register_load_state_dict_pre_hook = _nothing
    register_full_backward_hook = register_state_dict_post_hook = _register_state_dict_hook = (
        _nothing
    )
    state_dict = load_state_dict = __call__ = forward = _nothing
    reset_parameters = _reset_parameters = extra_repr = compile = _nothing


_PLACES: Final[dict[type, str]] = {
    Module: "_modules",
    Buffer: "_buffers",
    Parameter: "_parameters",
    Tensor: "values",
}

UNKNOWN_PARAMETER = Parameter(Unknown("a parameter"))
