"""What `--server` uploads of an adapter and its base: configs, headers, names and sizes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loracfg.adapter.directory import NOT_A_FILE, PICKLE_NAME, Adapter
from loracfg.adapter.files import TOKENIZER_FILES, Files
from loracfg.adapter.header.safetensors_file import read_head
from loracfg.adapter.tokenizer import MAX_BYTES
from loracfg.base.finding.base_folder import FACTS, BaseFiles
from loracfg.base.from_checkpoint.checkpoint import read_checkpoint
from loracfg.base.from_checkpoint.shards import shard_names
from loracfg.base.search import Search, files_of
from loracfg.config import CONFIG_NAME
from loracfg.document.json_value import JsonObject
from loracfg.engine.base_request import base_request
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.sources.archive.limits import Limits, RefusedFilesError
from loracfg.sources.archive.member_names import refuse_clashes, sound_name
from loracfg.sources.source import Source

_END_BYTES: Final = 4 * 1024 * 1024
"""Bytes uploaded from each end of a `.bin` file, which has no header."""
_ONLY_HERE: Final = frozenset((NOT_A_FILE, "unreadable-file", "file-too-large"))
"""Faults of adapters whose files cannot be uploaded as they are."""


class NotUploadableError(Exception):
    """An adapter or a base that no request can describe."""


def adapter_body(source: Source, adapter: Adapter) -> JsonObject:
    """Return what is uploaded of an adapter.

    Raises:
        NotUploadableError: if its files cannot be uploaded.
    """
    if any(fault.kind in _ONLY_HERE for fault in adapter.faults):
        raise NotUploadableError
    _check_names([*adapter.files, *adapter.links])
    try:
        return _files_body(source.files, adapter)
    except OSError:
        raise NotUploadableError from None


def base_body(adapter: Adapter, options: Options) -> JsonObject | None:
    """Return what is uploaded of the base; None if there is none.

    Raises:
        NotUploadableError: if the server would not know why there is no base, or what is wrong with
            it.
    """
    search = Search(base_request(adapter, options))
    files = files_of(search)
    if search.faults or (files is not None and (search.reasons or files.unused)):
        raise NotUploadableError
    if files is None:
        alone = Search(search.request._replace(isolated=True))
        files_of(alone)
        if alone.reasons != search.reasons:
            raise NotUploadableError
        return None
    try:
        return _body_of_base(files, adapter)
    except OSError:
        raise NotUploadableError from None


def _check_names(names: Iterable[str]) -> None:
    """Check that a server takes files with these names.

    Raises:
        NotUploadableError: if it does not.
    """
    found = list(dict.fromkeys(names))
    try:
        refuse_clashes(sound_name(name).rstrip("/") for name in found)
    except RefusedFilesError:
        raise NotUploadableError from None
    if len(found) > Limits().max_files:
        raise NotUploadableError


def _files_body(files: Files, adapter: Adapter) -> JsonObject:
    body: JsonObject = {"links": list(adapter.links)}
    sent = {adapter.weights}
    if CONFIG_NAME in adapter.files:
        with files.open(CONFIG_NAME) as stream:
            body |= _config_body(stream.read())
        sent.add(CONFIG_NAME)
    if adapter.weights is not None:
        weights = _weights_body(files, adapter.weights, adapter.files[adapter.weights])
        body["weights"] = {**weights, "file": adapter.weights}
    others = {name: size for name, size in adapter.files.items() if name not in sent}
    return body | {"files": {n: _other_body(files, n, size) for n, size in others.items()}}


def _config_body(data: bytes) -> dict[str, str]:
    try:
        return {"config": data.decode()}
    except UnicodeDecodeError:
        return {"config_base64": _encoded(data)}


def _weights_body(files: Files, name: str, size: int) -> JsonObject:
    tail = b""
    with files.open(name) as stream:
        if name == PICKLE_NAME:
            head = stream.read(_END_BYTES)
            stream.seek(max(len(head), size - _END_BYTES))
            tail = stream.read()
        else:
            head = read_head(stream)
    return {"head": _encoded(head), "tail": _encoded(tail), "size": size}


def _other_body(files: Files, name: str, size: int) -> int | JsonObject:
    """Return the size of a file that PEFT does not load, with its first bytes if rules read it."""
    is_tokenizer = name in TOKENIZER_FILES
    if not is_tokenizer and not name.endswith(".safetensors"):
        return size
    try:
        with files.open(name) as stream:
            head = stream.read(min(size, MAX_BYTES)) if is_tokenizer else read_head(stream)
    except OSError:  # it is only read if it can be
        return size
    return {"head": _encoded(head), "size": size}


def _body_of_base(files: BaseFiles, adapter: Adapter) -> JsonObject:
    if files.architecture is not None:
        return {"name": files.name, "config": Path(files.name).read_text("utf-8")}
    body: JsonObject = {"name": files.name, "config": files.config}
    folder = files.beside
    if files.folder is None or folder is None:
        return body
    body["weights"] = _checkpoint_body(files, files.folder, folder)
    if adapter.tokenizer is not None:
        names = TOKENIZER_FILES.intersection(sizes := _sizes(folder))
        body["files"] = {n: _other_body(folder, n, sizes[n]) for n in sorted(names)}
    if files.facts is not None:
        named = [Path(files.name)] if files.name.endswith(FACTS) else files.folder.glob(f"*{FACTS}")
        body["facts"] = next(iter(named)).read_text("utf-8")
    return body


def _sizes(folder: Files) -> dict[str, int]:
    try:
        return folder.sizes()
    except LoracfgError:
        raise NotUploadableError from None


def _checkpoint_body(files: BaseFiles, folder: Path, beside: Files) -> JsonObject:
    """Return the headers of a checkpoint.

    Raises:
        NotUploadableError: if it is damaged.
    """
    if read_checkpoint(folder, files.config, files.root)[1]:
        raise NotUploadableError
    names = shard_names(folder, files.root)
    return {name: _weights_body(beside, name, (folder / name).stat().st_size) for name in names}


def _encoded(data: bytes) -> str:
    return b64encode(data).decode()
