"""Module trees of the installed transformers, without torch: its constructors are followed.

The catalogue has the facts of a few releases. The same facts are derived from an installed release
when they are asked for, of one model type, by `loracfg.base.derivation` in a process of its own;
that takes seconds, so they are kept in the user's cache folder. They are data: what is read back
is evaluated as the catalogue's facts are, within the same budget.
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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loracfg.base.architecture import Architecture, Source
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS, Layout, layout_of
from loracfg.base.class_builder import CannotBuildError
from loracfg.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.program_data import ProgramData
    from loracfg.base.catalogue.work import Work

MAX_BYTES: Final = 64 * 1024 * 1024
"""Largest file of facts that is read."""
MOST_FILES: Final = 64
"""So many files are kept; a file has some 50 KB."""
SECONDS: Final = 120
"""Longest time that deriving a model type may take."""

_COMMAND: Final = "loracfg.base.derivation.installed"
_VERSION: Final = re.compile(r'^__version__ = "([\w.+-]{1,60})"$', re.MULTILINE)
_MOST_TYPES: Final = 8
"""So many model types of one config are derived."""


class InstalledLibrary(NamedTuple):
    """An installed library: transformers, or diffusers.

    Attributes:
        library: name and release, as `transformers 5.24.0`.
        folder: the folder of its package.
    """

    library: str
    folder: Path


class _Facts:
    """Facts that were derived: a store of a layout."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.index: dict[str, Any] = value["index"]
        self._programs: dict[str, ProgramData] = value["programs"]

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type."""
        return self._programs[model_type]


def installed(library: str = "transformers") -> InstalledLibrary | None:
    """Return an installed library, None if it is not there. Does not import it."""
    spec = importlib.util.find_spec(library)
    if spec is None or not spec.origin:
        return None
    try:
        found = _VERSION.search(Path(spec.origin).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return InstalledLibrary(f"{library} {found[1]}", Path(spec.origin).parent) if found else None


def layout_for(config: Mapping[str, object]) -> Layout | None:
    """Return what the installed library has for a config's model type, and the types inside.

    None if there is nothing to learn: the library is not installed, does not have the type, is the
    release that the catalogue has the type of, or could not be followed.
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
    """Return the module tree that a class of the installed transformers has for a config.

    Args:
        layout: what the library has.
        config: the value of the `config.json`.
        class_name: the class.
        work: what the request has made and may still cost; by default it is the first.
        source: where the class is from, `facts` if it is the user's own.

    Raises:
        RefusedError: if the library does not take the config.
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
        raise RefusedError(f"{what} does not take this config: {error.message}") from error
    except DeclinedError as error:
        why = layout.declined(class_name) or error.message
        raise CannotBuildError(f"{what} cannot be followed: {why}") from error
    return replace(tree, source=source, library=layout.library)


def facts(model_type: str, class_name: str | None = None) -> str | None:
    """Return what the installed transformers has of a model type as text, None if it is not known.

    Args:
        model_type: a type that the catalogue lacks.
        class_name: the one class that is wanted; by default all, and the config class.

    Raises:
        LoracfgError: if the type has no such class, or nothing is known of it.
    """
    from loracfg.base.catalogue import showing

    layout = layout_for({"model_type": model_type})
    if layout is None:
        return None
    known = showing.ModelType(model_type, layout.name, layout.classes_of(model_type))
    return showing.facts(known, class_name, layout)


@cache
def _named_types(folder: Path) -> frozenset[str]:
    """Return the texts in the library's tables of model types: these types, and more."""
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("models/auto/*auto*.py")))
    return frozenset(name for text in texts for name in re.findall(r'"([\w.-]{1,100})"', text))


@cache
def _model_classes(folder: Path) -> frozenset[str]:
    """Return the texts in the table of diffusers' model classes: these classes, and more."""
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
            _keep(folder / name, data)
    return _layout_of(there, types, value) if value else None


def _layout_of(there: InstalledLibrary, types: tuple[str, ...], value: dict[str, Any]) -> Layout:
    return Layout(f"{there.library} {' '.join(types)}", _Facts(value), is_part=True)


@cache
def _fingerprint(folder: Path) -> tuple[str, ...]:
    """Return what tells states of the library, and of this one, apart."""
    own = Path(__file__).parent
    roots = (folder, own / "derivation", own / "catalogue")
    return (__version__, *(line for root in roots for line in _stamps(root)))


def _stamps(folder: Path) -> Iterator[str]:
    """Yield name, size and time of the source files in a folder."""
    with suppress(OSError):
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if entry.is_dir():
                yield from _stamps(Path(entry.path))
            elif entry.name.endswith(".py"):
                found = entry.stat()
                yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"


def _cache_folder() -> Path | None:
    """Return the folder that facts are kept in, None if there can be none."""
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


def _keep(path: Path, data: bytes) -> None:
    """Write a file that is there as a whole or not at all, and remove the oldest."""
    with suppress(OSError):
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            stream.write(data)
        Path(stream.name).replace(path)
        files = sorted(path.parent.iterdir(), key=lambda one: one.stat().st_mtime)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)


def _checked(data: bytes) -> dict[str, Any] | None:
    """Return the value of a file of facts, None if it is not whole."""
    digest, _, text = data.partition(b"\n")
    if len(data) > MAX_BYTES or digest != hashlib.sha256(text).hexdigest().encode():
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def _derive(types: tuple[str, ...], library: str = "transformers") -> bytes | None:
    """Have a process derive the facts of model types; return its file, None if it has none."""
    return derive("--library", library, "--", *types)[0]


def derive(*arguments: str) -> tuple[bytes | None, str]:
    """Have a process derive facts; return its file, None if it has none, and what it says then.

    It imports what this process would import, and nothing from the folder that it runs in.
    """
    paths = os.pathsep.join(str(Path(path).absolute()) for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}
    with tempfile.TemporaryDirectory(prefix="loracfg-") as folder:
        file = Path(folder, "facts")
        command = [sys.executable, "-m", _COMMAND, "--out", str(file), *arguments]
        try:
            done = subprocess.run(  # noqa: S603  # our own module, and names that are checked
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return None, f"{type(error).__name__} after {SECONDS} seconds"
        said = done.stderr.decode(errors="replace").strip().splitlines()
        if done.returncode:
            return None, said[-1] if said else ""
        return _read(file), ""
