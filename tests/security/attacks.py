"""What no input may do, done: each must be reported, so that the hook is real."""

# ruff: noqa: PTH101, PTH102, PTH104, PTH107, PTH208, S102, S301, S302, S605, S606

from __future__ import annotations

import ctypes
import importlib
import marshal
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

_CODE: Final = compile("1", "x", "eval")
_MARSHALED: Final = marshal.dumps(_CODE)
_PICKLED: Final = pickle.dumps(os.getcwd)
_FILE: Final = Path("/etc/hostname")


def _act(act: Callable[[], Any], _: bytes) -> None:
    act()


def _grow() -> int:
    return len(b"x" * (150 << 20))


def _spin() -> int:
    return sum(range(80_000_000))


_DONE: Final[dict[str, Callable[[], Any]]] = {
    "os.system": lambda: os.system("true"),
    "subprocess.Popen": lambda: subprocess.run(["true"], check=True),
    "os.exec": lambda: os.execv("/bin/true", ["true"]),
    "os.posix_spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "os.fork": lambda: os.fork(),
    "exec": lambda: exec(_CODE),
    "compile": lambda: compile("1", "x", "eval"),
    "import": lambda: importlib.import_module("turtle"),
    "marshal.loads": lambda: marshal.loads(_MARSHALED),
    "pickle.find_class": lambda: pickle.loads(_PICKLED),
    "code.__new__": lambda: _CODE.replace(co_name="y"),
    "object.__getattr__": lambda: _grow.__code__,
    "object.__setattr__": lambda: setattr(_grow, "__code__", _CODE),
    "sys._getframe": lambda: sys._getframe(),
    "ctypes.dlopen": lambda: ctypes.CDLL(None),
    "socket.__new__": lambda: socket.socket(),
    "socket.getaddrinfo": lambda: socket.getaddrinfo(b"localhost", 80),
    "urllib.Request": lambda: urllib.request.OpenerDirector().open("http://127.0.0.1:9/"),
    "open": lambda: _FILE.read_bytes(),
    "os.listdir": lambda: os.listdir("/"),
    "os.remove": lambda: os.remove("/no such file"),
    "os.rename": lambda: os.rename("/no such file", "/no such other"),
    "os.mkdir": lambda: os.mkdir("/no such folder/x"),
    "os.chmod": lambda: os.chmod("/no such file", 0),
    "os.putenv": lambda: os.putenv("X", "1"),
    "tempfile.mkstemp": lambda: tempfile.mkstemp(),
    " MB": _grow,
    " s of CPU": _spin,
}
ATTACKS: Final[dict[str, Callable[[bytes], Any]]] = {
    name: partial(_act, act) for name, act in _DONE.items()
}
"""Attacks by a part of what must be said of them."""
