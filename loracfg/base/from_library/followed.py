"""Builds module trees from the installed transformers without torch, by following constructors.

The catalogue has the facts of a few releases. `loracfg.base.derivation` derives the same facts from
an installed release, for one model type at a time and in a separate process. That takes seconds, so
the facts are cached in the user's cache folder. They are data, and they are evaluated like those of
the catalogue, within the same budget.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture, Source
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS, Layout, layout_of
from loracfg.base.class_builder import CannotBuildError
from loracfg.child_environment import child_environment
from loracfg.named_tuple import NamedTuple
from loracfg.new_files import replacing
from loracfg.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.program_data import ProgramData
    from loracfg.base.catalogue.work import Work

MAX_BYTES: Final = 64 * 1024 * 1024
"""The maximum size of a cached file."""
MOST_FILES: Final = 64
"""The maximum number of cached files; each has about 50 KB."""
SECONDS: Final = 120
"""The time limit for deriving a model type."""

_COMMAND: Final = "loracfg.base.derivation.installed"
_VERSION: Final = re.compile(r'^__version__ = "([\w.+-]{1,60})"$', re.MULTILINE)
_MOST_TYPES: Final = 8
"""The maximum number of model types that are derived for one config."""


class InstalledLibrary(NamedTuple):
    """An installed library: transformers, or diffusers.

    Attributes:
        library: its name and release, such as `transformers 5.24.0`.
        folder: the folder of its package.
    """

    library: str
    folder: Path


class _Facts:
    """Derived facts, as the store of a layout."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.index: dict[str, Any] = value["index"]
        self._programs: dict[str, ProgramData] = value["programs"]

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type."""
        return self._programs[model_type]


def installed(library: str = "transformers") -> InstalledLibrary | None:
    """Return an installed library, or None if it is not installed. Does not import it."""
    spec = importlib.util.find_spec(library)
    if spec is None or not spec.origin:
        return None
    try:
        found = _VERSION.search(Path(spec.origin).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return InstalledLibrary(f"{library} {found[1]}", Path(spec.origin).parent) if found else None


def layout_for(config: Mapping[str, object]) -> Layout | None:
    """Return the facts of the installed library for the model types in a config.

    None if they would add nothing: the library is not installed, does not have the type, is the
    release that the catalogue describes, or could not be followed.
    """
    own = lookup.diffusers_class(config)
    if own is not None:
        return _diffusers_layout(config, own)
    there = installed()
    names = [name for name, _ in lookup.candidates(config)]
    if there is None or not names:
        return None
    if there.library == lookup.library() and lookup.knows(config):
        return None
    if there.library == lookup.library(LAYOUTS[1]) and lookup.knows(config, LAYOUTS[1]):
        return layout_of(LAYOUTS[1])
    named = _named_types(there.folder)
    wanted = [name for name in dict.fromkeys(names) if name in named]
    if wanted[:1] != names[:1] or len(wanted) > _MOST_TYPES:
        return None
    return _layout(there, tuple(wanted))


def _diffusers_layout(config: Mapping[str, object], class_name: str) -> Layout | None:
    there = installed(DIFFUSERS)
    if there is None or (there.library == lookup.library(DIFFUSERS) and lookup.knows(config)):
        return None
    return _layout(there, (class_name,)) if class_name in _model_classes(there.folder) else None


def build(
    layout: Layout,
    config: Mapping[str, object],
    class_name: str,
    work: Work | None = None,
    source: Source = "transformers",
) -> Architecture:
    """Return the module tree of a class of the installed transformers for a config.

    Args:
        layout: the facts of the library.
        config: the value of the `config.json`.
        class_name: the class.
        work: the work of the catalogue for this request, and its budget; by default new.
        source: where the class comes from; `facts` if it is the user's own.

    Raises:
        RefusedError: if the library rejects the config.
        CannotBuildError: if the derivation cannot follow the library.
    """
    from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
    from loracfg.base.catalogue.work import Work

    what = f"`{class_name}` of {layout.library if source == 'transformers' else 'the facts'}"
    if layout.home_of(class_name) is None:
        raise CannotBuildError(f"{what} is not among the classes of the config's model type")
    try:
        tree = (work or Work()).build(layout, config, class_name)
    except RefusedError as error:
        raise RefusedError(f"{what} rejects this config: {error.message}") from error
    except DeclinedError as error:
        why = layout.declined(class_name) or error.message
        raise CannotBuildError(f"{what} cannot be followed: {why}") from error
    return replace(tree, source=source, library=layout.library)


def facts(model_type: str, class_name: str | None = None) -> str | None:
    """Return the facts about a model type of the installed transformers as text, if there are any.

    Args:
        model_type: a type that the catalogue does not have.
        class_name: a class; by default all classes and the config class.

    Raises:
        LoracfgError: if the type has no such class, or nothing is known about the class.
    """
    from loracfg.base.catalogue import showing

    layout = layout_for({"model_type": model_type})
    if layout is None:
        return None
    known = showing.ModelType(model_type, layout.name, layout.classes_of(model_type))
    return showing.facts(known, class_name, layout)


@cache
def _named_types(folder: Path) -> frozenset[str]:
    """Return all strings in the library's tables of model types, which include these types."""
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("models/auto/*auto*.py")))
    return frozenset(name for text in texts for name in re.findall(r'"([\w.-]{1,100})"', text))


@cache
def _model_classes(folder: Path) -> frozenset[str]:
    """Return all strings in diffusers' table of model classes, which include these classes."""
    with suppress(OSError, ValueError):
        text = (folder / "models/__init__.py").read_text("utf-8")
        return frozenset(re.findall(r'"([A-Za-z]\w{0,99})"', text))
    return frozenset()


@lru_cache(32)
def _layout(there: InstalledLibrary, types: tuple[str, ...]) -> Layout | None:
    """Return the facts of model types, from the cache folder or derived."""
    key = hashlib.sha256("\n".join([*types, *_fingerprint(there.folder)]).encode())
    name = f"{there.library}-{types[0]}-{key.hexdigest()[:32]}.json".replace(" ", "-")
    folder = _cache_folder()
    data = _read(folder / name) if folder else None
    value = _checked(data) if data else None
    if value is None:
        data = _derive(types, there.library.partition(" ")[0])
        value = _checked(data) if data else None
        if folder and data and value:
            _write(folder / name, data)
    return _layout_of(there, types, value) if value else None


def _layout_of(there: InstalledLibrary, types: tuple[str, ...], value: dict[str, Any]) -> Layout:
    return Layout(f"{there.library} {' '.join(types)}", _Facts(value), is_part=True)


@cache
def _fingerprint(folder: Path) -> tuple[str, ...]:
    """Return what identifies the state of the library and of loracfg."""
    own = Path(__file__).parent
    roots = (folder, own / "derivation", own / "catalogue")
    return (__version__, *(line for root in roots for line in _stamps(root)))


def _stamps(folder: Path) -> Iterator[str]:
    """Yield the name, size and modification time of each source file in a folder."""
    with suppress(OSError):
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if entry.is_dir():
                yield from _stamps(Path(entry.path))
            elif entry.name.endswith(".py"):
                found = entry.stat()
                yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"


def _cache_folder() -> Path | None:
    """Return the folder that facts are cached in, or None if it cannot be created."""
    try:
        cache_home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(cache_home, "loracfg", "facts")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically, and remove the oldest files."""
    with suppress(OSError):
        with replacing(path, 0o600) as stream:
            stream.write(data)
        files = sorted(path.parent.iterdir(), key=lambda one: one.stat().st_mtime)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)


def _checked(data: bytes) -> dict[str, Any] | None:
    """Return the value of a cached file, or None if it is damaged."""
    digest, _, text = data.partition(b"\n")
    if len(data) > MAX_BYTES or digest != hashlib.sha256(text).hexdigest().encode():
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def _derive(types: tuple[str, ...], library: str = "transformers") -> bytes | None:
    """Derive the facts of model types in a separate process; None if that fails."""
    return derive("--library", library, "--", *types)[0]


def derive(*arguments: str) -> tuple[bytes | None, str]:
    """Derive facts in a separate process. Return its file, or None and its error message.

    The process imports from the same places as this one, but never from its working directory.
    """
    with tempfile.TemporaryDirectory(prefix="loracfg-") as folder:
        file = Path(folder, "facts")
        command = [sys.executable, "-m", _COMMAND, "--out", str(file), *arguments]
        try:
            done = subprocess.run(  # noqa: S603  # our own module, and checked names
                command,
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return None, f"{type(error).__name__} after {SECONDS} seconds"
        errors = done.stderr.decode(errors="replace").strip().splitlines()
        if done.returncode:
            return None, errors[-1] if errors else ""
        return _read(file), ""
