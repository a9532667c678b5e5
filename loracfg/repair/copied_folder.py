"""Copy the rest of an adapter's folder: contents only, each file once, and nothing from outside."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, Final

from loracfg.adapter.files import kind_at, leads_out, open_regular
from loracfg.errors import LoracfgError
from loracfg.new_files import create

_DEEPEST: Final = 100
_BLOCK_BYTES: Final = 8 * 1024 * 1024


def copy_folder(folder: Path, new: Path, left_out: Collection[str]) -> None:
    """Copy what is in a folder to an empty one.

    Links inside the folder stay links, those into the cache of huggingface_hub become files, and
    those to nothing are left out.

    Args:
        folder: the folder.
        new: the empty one.
        left_out: names in the folder itself that are not copied.

    Raises:
        LoracfgError: a link leads out of the folder, or something is neither a file nor a folder.
        OSError: something cannot be read or written.
    """
    links: list[str] = []
    folders = [""]
    while folders:
        inside = folders.pop()
        if inside.count(os.sep) >= _DEEPEST:
            message = f"`{folder}` has folders more than {_DEEPEST} levels deep"
            raise LoracfgError(message, "move its files up")
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                name = os.path.join(inside, entry.name)  # noqa: PTH118  # a text
                if name in left_out:
                    continue
                if entry.is_symlink():
                    links.append(name)
                elif entry.is_dir():
                    (new / name).mkdir(entry.stat().st_mode & 0o777 | 0o700)
                    folders.append(name)
                else:
                    _copy_file(folder / name, new / name)
    _copy_links(folder, new, sorted(links))


def _copy_links(folder: Path, new: Path, names: list[str]) -> None:
    home = folder.resolve()
    cached: dict[Path, str] = {}
    for name in names:
        try:
            real = (home / name).resolve(strict=True)
        except (OSError, RuntimeError):
            continue
        if real.is_relative_to(home):
            _link(new, name, str(real.relative_to(home)))
        elif leads_out(home / name, home):
            message = f"cannot copy `{folder / name}`: it is a link out of the folder"
            raise LoracfgError(message, "put the file there instead, or remove the link")
        elif cached.setdefault(real, name) == name:
            _copy_file(real, new / name)
        else:
            _link(new, name, cached[real])


def _link(new: Path, name: str, target: str) -> None:
    parent = os.path.dirname(name)  # noqa: PTH120  # a text
    (new / name).symlink_to(os.path.relpath(target or ".", parent or "."))


def _copy_file(path: Path, target: Path) -> None:
    if kind := kind_at(path):
        raise LoracfgError(f"cannot copy `{path}`: it is {kind}", "remove it")
    with open_regular(path) as source:
        state = os.fstat(source.fileno())
        with create(target, state.st_mode & 0o666 | 0o600) as copy:
            copy_range(source, 0, state.st_size, copy)


def copy_range(source: BinaryIO, begin: int, size: int, target: BinaryIO) -> None:
    """Copy a range of bytes, inside the kernel if possible.

    Raises:
        LoracfgError: the file ends before the range does.
    """
    target.flush()
    copied = _copy_in_kernel(source, begin, size, target)
    source.seek(begin + copied)
    while copied < size:
        data = source.read(min(_BLOCK_BYTES, size - copied))
        if not data:
            name = getattr(source, "name", "a file")
            raise LoracfgError(f"`{name}` ends before the data of its tensors")
        target.write(data)
        copied += len(data)


def _copy_in_kernel(source: BinaryIO, begin: int, size: int, target: BinaryIO) -> int:
    """Return the number of bytes copied by `copy_file_range`; 0 if the system does not have it."""
    copied = 0
    try:
        into, out_of = target.fileno(), source.fileno()
        while count := os.copy_file_range(out_of, into, size - copied, offset_src=begin + copied):
            copied += count
    except (AttributeError, OSError):
        pass
    target.seek(0, os.SEEK_END)
    return copied
