"""Values that the catalogue does not follow; they may be passed on, but not be read."""

from __future__ import annotations

from typing import Any, NoReturn


class UndeterminedError(Exception):
    """A constructor needs a value that the catalogue does not know."""


class Unknown:
    """An unknown value: everything computed from it is unknown too."""

    def __init__(self, name: str = "a value") -> None:
        self.__dict__["_name"] = name

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise UndeterminedError(f"{self._name} is not known")

    def _another(self, *_: Any, **__: Any) -> Unknown:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __str__(self) -> str:
        return f"unknown.{id(self)}"

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    __hash__ = object.__hash__
    __bool__ = __len__ = __iter__ = __index__ = __int__ = __float__ = __contains__ = _refuse
    __getitem__ = __enter__ = _another
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _another
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _another
    __pow__ = __rpow__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = __invert__ = _another
    __and__ = __rand__ = __or__ = __ror__ = __lt__ = __le__ = __gt__ = __ge__ = _another
    __eq__ = __ne__ = _another  # type: ignore[assignment]

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __exit__(self, *_: Any) -> None:
        pass


class Foreign(Unknown):
    """Something in a library outside the catalogue: calling it may create a module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Foreign(f"{self._name}.{name}")

    def __call__(self, *_: Any, **__: Any) -> Any:
        self._refuse()
