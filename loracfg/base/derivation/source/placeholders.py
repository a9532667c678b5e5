"""Imports a library whose dependencies are not installed.

Only the library's source matters, and values in its modules that do not depend on torch. A
placeholder can be passed on, subclassed, called, indexed and compared, and does nothing.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from abc import ABCMeta
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

PLACEHOLDERS: Final = frozenset(
    (
        "PIL",
        "filelock",
        "fsspec",
        "httpcore",
        "httpcore2",
        "httpx",
        "httpx2",
        "requests",
        "safetensors",
        "scipy",
        "tokenizers",
        "torch",
        "torchvision",
        "tqdm",
        "typer",
        "yaml",
    )
)
"""Libraries that placeholders replace even where they are installed."""

_REAL: Final = frozenset(("huggingface_hub", "loracfg", "numpy", "packaging", "typing_extensions"))
"""Libraries that can be imported; all others appear not to be installed."""

_VERSION: Final = "2.9.0"


class _PlaceholderType(ABCMeta):
    """The metaclass of placeholders, whose attributes are placeholders too."""

    __subclasscheck__ = type.__subclasscheck__  # `ABCMeta`'s own check takes a third of the time
    __instancecheck__ = type.__instancecheck__

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
    """Return a class that can replace anything: a class, a function, a decorator or a value."""

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
    """A module of a missing library, which has every attribute."""

    __path__: list[str] = []  # noqa: RUF012  # an attribute of modules
    __version__ = _VERSION

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _placeholder(name)
        setattr(self, name, found)
        return found


class _Finder(MetaPathFinder, Loader):
    """Finds modules like the finders that it replaces, or creates placeholders."""

    def __init__(self, finders: Sequence[Any], library: str) -> None:
        self.finders = finders
        self.roots = {library, *_REAL, *sys.stdlib_module_names}

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        root = name.partition(".")[0]
        if root in PLACEHOLDERS:
            return ModuleSpec(name, self, is_package=True)
        if root not in self.roots:
            return None
        specs = (finder.find_spec(name, path, target) for finder in self.finders)
        return next((spec for spec in specs if spec), None)

    def find_distributions(self, *context: object) -> Iterator[object]:
        """Find installed distributions, like the finders that it replaces."""
        for finder in self.finders:
            yield from getattr(finder, "find_distributions", lambda *_: ())(*context)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install(library: str) -> None:
    """Prepare this process to import the library with placeholders for most others."""
    sys.meta_path[:] = [_Finder([*sys.meta_path], library)]
    sys.modules["regex"] = re
    version, distributions = importlib.metadata.version, importlib.metadata.packages_distributions

    def version_or_placeholder(distribution_name: str) -> str:
        return _VERSION if distribution_name in PLACEHOLDERS else version(distribution_name)

    def all_distributions() -> Mapping[str, list[str]]:
        return {**distributions(), **{name: [name] for name in PLACEHOLDERS}}

    importlib.metadata.version = version_or_placeholder
    importlib.metadata.packages_distributions = all_distributions
