"""The Python code of the page: our packages, without what no browser runs, and dependencies."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

PACKAGES: Final = ("loracfg", "loracfg_api")
LEFT_OUT: Final = (
    "loracfg/audit",
    "loracfg/base/derivation",
    "loracfg/cli",
    "loracfg/comparison",
    "loracfg/editors",
    "loracfg/injector",
    "loracfg/lsp",
    "loracfg/serving",
    "loracfg/settings",
    "loracfg/testing",
    "loracfg/training/live",
    "loracfg_api/page",
    "loracfg_api/routes",
    "loracfg_api/static_page/page",
    "pydantic/deprecated",
    "pydantic/experimental",
    "pydantic/mypy.py",
    "pydantic/v1",
)
"""Folders and files that no request of the page reaches."""
LIBRARY_LEFT_OUT: Final = frozenset(
    [
        "_pyio",
        "_pyrepl",
        "bdb",
        "cProfile",
        "cmd",
        "code",
        "compileall",
        "configparser",
        "ctypes",
        "doctest",
        "ensurepip",
        "filecmp",
        "fileinput",
        "ftplib",
        "html",
        "http",
        "idlelib",
        "imaplib",
        "lib2to3",
        "mailbox",
        "mimetypes",
        "modulefinder",
        "multiprocessing",
        "optparse",
        "pdb",
        "pickletools",
        "plistlib",
        "poplib",
        "profile",
        "pstats",
        "pyclbr",
        "pydoc",
        "pydoc_data",
        "smtplib",
        "socketserver",
        "sqlite3",
        "symtable",
        "tabnanny",
        "timeit",
        "tkinter",
        "trace",
        "turtle",
        "unittest",
        "venv",
        "wave",
        "wsgiref",
        "xml",
        "xmlrpc",
        "zipapp",
    ]
)
"""Modules of Python's library that nothing in the page imports."""
ENCODINGS: Final = frozenset(
    [
        "__init__",
        "aliases",
        "ascii",
        "cp437",
        "idna",
        "latin_1",
        "utf_16",
        "utf_16_be",
        "utf_16_le",
        "utf_32",
        "utf_32_be",
        "utf_32_le",
        "utf_8",
        "utf_8_sig",
    ]
)
"""The encodings that JSON and archives may have."""
_NOT_RUN: Final = (".facts", ".md", ".mjs", ".pyi", ".typed")
_IS_RECORD: Final = re.compile(r"\.dist-info/(?:METADATA|RECORD|WHEEL|sboms/.*)$")
_FOR_DEVELOPERS: Final = ("building", "__pycache__")


def source_files(wheels: Iterable[Path]) -> dict[str, bytes]:
    """Return the code and data that the page needs, by their names below `site-packages`.

    Args:
        wheels: the dependencies.
    """
    found = {
        name: data
        for package in PACKAGES
        for name, data in _below(files(package), package)
        if _is_needed(name)
    }
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = [one for one in archive.namelist() if _is_needed(one)]
            found |= {name: archive.read(name) for name in names}
    return found


def library_files(archive: Path) -> dict[str, bytes]:
    """Return the modules of Python's own library that a page may need.

    Args:
        archive: the `python_stdlib.zip` of Pyodide.
    """
    with zipfile.ZipFile(archive) as library:
        names = [one for one in library.namelist() if _is_of_library(one)]
        return {name: library.read(name) for name in names}


def _is_of_library(name: str) -> bool:
    top, _, rest = name.partition("/")
    if name.endswith("/") or top.removesuffix(".py") in LIBRARY_LEFT_OUT:
        return False
    return top != "encodings" or rest.removesuffix(".py") in ENCODINGS


def as_zip(tar: bytes) -> bytes:
    """Return the files of a tar archive as a zip archive, from which Python imports."""
    stream = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(tar)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made,
    ):
        for member in given:
            data = given.extractfile(member)
            assert data is not None
            made.writestr(zipfile.ZipInfo(member.name), data.read(), zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()


def as_tar(content: Mapping[str, bytes]) -> bytes:
    """Return files as a tar archive, the same for the same files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in sorted(content.items(), key=_by_suffix):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def _by_suffix(item: tuple[str, bytes]) -> tuple[str, str]:
    """Put similar files together, which compresses them better."""
    return item[0].rpartition(".")[2], item[0]


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        path = f"{name}/{one.name}"
        if one.is_dir():
            if one.name not in _FOR_DEVELOPERS:
                yield from _below(one, path)
        elif _is_needed(path):
            yield path, one.read_bytes()


def _is_needed(name: str) -> bool:
    is_left_out = any(name == one or name.startswith(f"{one}/") for one in LEFT_OUT)
    return not (is_left_out or name.endswith(("/", *_NOT_RUN)) or _IS_RECORD.search(name))
