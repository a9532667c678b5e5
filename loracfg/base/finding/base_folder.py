"""Reads a base that is named by a folder, a `config.json`, an architecture file or a facts file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.files import Files, Folder, is_regular, kind_at, open_regular
from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture
from loracfg.document.display import printable
from loracfg.document.json_document import MAX_BYTES, Document, read_document
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault
from loracfg.report.report import Location
from loracfg.urls import is_url

if TYPE_CHECKING:
    from loracfg.base.catalogue.index import Layout

CONFIG: Final = "config.json"
ADAPTER_CONFIG: Final = "adapter_config.json"
NOT_FOUND: Final = "base-not-found"
"""The kind of fault of a name that leads nowhere."""
FACTS: Final = ".facts"
"""The extension of facts files."""

_GIVE_FOLDER: Final = "pass the folder with the base's `config.json`"


class BaseFiles(NamedTuple):
    """The files of a base.

    Attributes:
        config: the value of `config.json`.
        folder: the folder, if there is one.
        name: what was read: the name as given, or `id@commit` if that is an id.
        architecture: the tree in an architecture file, in which case there is nothing else.
        tensors: the tensors of a checkpoint that is not in a folder.
        facts: the user's own facts.
        others: the other files, if they are not in a folder.
        root: the folder that links in `folder` must not leave; None if they may.
        unused: what is in the folder, but only counts if the user names it; empty if nothing.
    """

    config: dict[str, Any] | None
    folder: Path | None
    name: str
    architecture: Architecture | None = None
    tensors: Mapping[str, Tensor] | None = None
    facts: Layout | None = None
    others: Files | None = None
    root: Path | None = None
    unused: str = ""

    @property
    def beside(self) -> Files | None:
        """The files in the folder that may be read, or those that were sent with the config."""
        if self.folder is None:
            return self.others
        if self.root is None:
            return Folder(self.folder)
        from loracfg.adapter.rooted_folder import RootedFolder

        return RootedFolder(self.folder, self.root)


def exists(named: str) -> bool:
    """Return whether a file or folder with this name exists; impossible names are allowed."""
    return os.path.exists(named or ".")  # noqa: PTH110  # it never raises, and is faster


def read_base(named: str) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config of a base that is named by its folder or a file.

    The file is a `config.json`, an architecture file, which is recognised by its content, or a
    facts file next to the config. A folder may have one facts file.

    The kinds of faults are `base-not-found`, `base-is-adapter`, `base-config-missing`,
    `base-not-config`, `base-unreadable`, `base-architecture`, and those of `read_document` with the
    prefix `base-` if the config has no value. Minor problems such as duplicate keys are ignored.
    """
    where = Location(named)
    if not exists(named):
        return None, [Fault(NOT_FOUND, f"`{named}` does not exist", where, _GIVE_FOLDER)]
    path = Path(named)
    if path.is_dir():
        return read_folder(path, named)
    if path.suffix == FACTS:
        return _read_with_facts(path, named)
    if path.suffix != ".json":
        message = f"`{named}` is neither a folder nor a JSON file"
        return None, [Fault("base-not-config", message, where, _GIVE_FOLDER)]
    return _read_file(path, named)


def read_folder(
    folder: Path, name: str, root: Path | None = None
) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config of the base in a folder, as `read_base` does.

    Args:
        folder: the folder.
        name: what it is called in messages.
        root: a folder that links must not leave, if the user has not named the base. Facts do not
            count then.
    """
    try:
        return _read_folder(folder, name, root)
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror or error}"
        return None, [Fault("base-unreadable", message, Location(name), "make it readable")]


def _read_file(path: Path, name: str) -> tuple[BaseFiles | None, list[Fault]]:
    from loracfg.base.architecture_file import MAX_BYTES as MOST

    data, faults = _content(path, MOST)
    return (None, faults) if faults else read_base_bytes(data, name)


def read_base_bytes(data: bytes, name: str) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the content of a `config.json` or an architecture file with this name."""
    from loracfg.base import architecture_file

    file = name if is_url(name) else Path(name).as_posix()
    if f'"{architecture_file.VERSION_KEY}"'.encode() in data:
        tree, faults = architecture_file.read_architecture(data, file)
        if tree or faults:
            return (BaseFiles(None, None, name, tree) if tree else None), faults
    config, faults = _config_of(data, file)
    return (BaseFiles(config, None, name) if config is not None else None), faults


def _read_with_facts(path: Path, name: str) -> tuple[BaseFiles | None, list[Fault]]:
    """Read a facts file, and the config next to it."""
    config = path.parent / CONFIG
    if not config.is_file():
        message = f"`{path.name}` describes an architecture without sizes"
        advice = f"put the base's `{CONFIG}` next to it"
        return None, [Fault("base-config-missing", message, Location(path.as_posix()), advice)]
    values, faults = _read_config(config, None)
    facts, more = _read_facts(path)
    known = BaseFiles(values, path.parent, name, facts=facts)
    return (known if values is not None and facts else None), [*faults, *more]


def takes_facts(config: Mapping[str, object] | None) -> bool:
    """Return whether facts next to a config are used: for custom code and unknown model types."""
    from loracfg.base.catalogue import lookup

    return config is not None and (bool(config.get("auto_map")) or not lookup.knows(config))


def _read_facts(path: Path) -> tuple[Layout | None, list[Fault]]:
    from loracfg.base import facts_file

    data, faults = _content(path, facts_file.MAX_BYTES)
    return (None, faults) if faults else facts_file.read_facts(data, path.as_posix())


def _read_folder(
    folder: Path, name: str, root: Path | None
) -> tuple[BaseFiles | None, list[Fault]]:
    where = Location(folder.as_posix())
    path = folder / CONFIG
    files = BaseFiles(None, folder, name, root=root, unused=_link_out(folder, root))
    if is_regular(path, root):
        config, faults = _read_config(path, root)
        files = files._replace(config=config)
        if not takes_facts(config) or not (named := sorted(folder.glob(f"*{FACTS}"))):
            return files, faults
        if root is not None:
            return files._replace(unused=f"its facts file `{printable(named[0].name)}`"), faults
        if len(named) > 1:
            message = "the folder has several facts files"
            advice = "pass the one that describes the base"
            return files, [*faults, Fault("base-architecture", message, where, advice)]
        facts, more = _read_facts(named[0])
        return files._replace(facts=facts), [*faults, *more]
    if (folder / ADAPTER_CONFIG).is_file():
        return None, [_adapter_fault(where)]
    kind = "a link out of the folder" if path.is_file() else kind_at(path)
    message = f"`{CONFIG}` is {kind}, not a file" if kind else f"the folder has no `{CONFIG}`"
    fault = Fault("base-config-missing", message, where, _GIVE_FOLDER)
    return files, [fault]


def _link_out(folder: Path, root: Path | None) -> str:
    """Return the checkpoint's file that is not read because it is a link out of the root."""
    if root is None:
        return ""
    from loracfg.base.from_checkpoint.shards import INDEX, SINGLE

    out = (name for name in (SINGLE, INDEX) if is_regular(folder / name))
    return next((f"`{n}`, a link out of it," for n in out if not is_regular(folder / n, root)), "")


def _read_config(path: Path, root: Path | None) -> tuple[dict[str, Any] | None, list[Fault]]:
    data, faults = _content(path, MAX_BYTES, root)
    return _config_of(data, path.as_posix()) if not faults else (None, faults)


def _content(path: Path, most: int, root: Path | None = None) -> tuple[bytes, list[Fault]]:
    """Return the bytes of a file, up to one more than `most`.

    Anything that is not a regular file is not opened, since a pipe could block.
    """
    if kind := kind_at(path):
        message = f"`{path.name}` is {kind}, not a file"
        return b"", [Fault("base-unreadable", message, Location(path.as_posix()))]
    try:
        with open_regular(path, root) as stream:
            return stream.read(most + 1), []
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        return b"", [Fault("base-unreadable", message, Location(path.as_posix()))]


def _config_of(data: bytes, file: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    document, faults = read_document(data, file)
    if document is None:
        return None, [fault._replace(kind=f"base-{fault.kind}") for fault in faults]
    return _checked(document)


def _checked(document: Document) -> tuple[dict[str, Any] | None, list[Fault]]:
    value = document.value
    if not isinstance(value, dict):
        message = "the config is not a JSON object"
        return None, [Fault("base-not-config", message, document.location(""), _GIVE_FOLDER)]
    if "peft_type" in value:
        return None, [_adapter_fault(document.location("/peft_type", key=True))]
    return value, []


def _adapter_fault(where: Location) -> Fault:
    message = "this is an adapter, not a base model"
    return Fault("base-is-adapter", message, where, "pass the model that it was trained on")
