"""Lets a library be imported where what it imports is not installed.

Only the library's source matters, and values of its modules that do not depend on torch. What
stands in for torch can be passed on, subclassed, called, indexed and compared, and does nothing.
"""

from __future__ import annotations

import importlib.metadata
import sys
from abc import ABCMeta
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

ABSENT: Final = ("torch", "torchvision", "scipy", "PIL")
"""Libraries that placeholders are for, even where they are installed: so results are the same."""

_VERSION: Final = "2.9.0"


class _PlaceholderType(ABCMeta):
    """The class of placeholders, which are classes: attributes are further placeholders."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name)

    def __getitem__(cls, key: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __lt__(cls, other: Any) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


def _placeholder(name: str) -> Any:
    """Return a class that stands for anything: a class, a function, a decorator or a value."""

    def new(cls: type, *arguments: Any, **keywords: Any) -> Any:
        is_decorator = "_is_placeholder" in vars(cls) and not keywords and len(arguments) == 1
        return arguments[0] if is_decorator and callable(arguments[0]) else object.__new__(cls)

    def call(self: Any, *arguments: Any, **_: Any) -> Any:
        return arguments[0] if arguments and callable(arguments[0]) else self

    def attribute(self: Any, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name)

    members = {
        "_is_placeholder": True,
        "__module__": "torch",
        "__new__": new,
        "__init__": lambda *_, **__: None,
        "__call__": call,
        "__getattr__": attribute,
        "__enter__": lambda self: self,
        "__exit__": lambda *_: None,
    }
    return _PlaceholderType(name, (), members)


class _PlaceholderModule(ModuleType):
    """A module of an absent library, with whatever is asked of it."""

    __path__: list[str] = []  # noqa: RUF012  # an attribute of modules
    __version__ = _VERSION

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _placeholder(name)
        setattr(self, name, found)
        return found


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> Any:
        if name.partition(".")[0] in ABSENT:
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """Put placeholders in the place of the absent libraries, for the whole process."""
    sys.meta_path.insert(0, _Finder())
    version, distributions = importlib.metadata.version, importlib.metadata.packages_distributions

    def version_or_placeholder(distribution_name: str) -> str:
        return _VERSION if distribution_name in ABSENT else version(distribution_name)

    def all_distributions() -> Mapping[str, list[str]]:
        return {**distributions(), **{name: [name] for name in ABSENT}}

    importlib.metadata.version = version_or_placeholder
    importlib.metadata.packages_distributions = all_distributions
