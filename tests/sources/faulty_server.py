"""A web server on loopback that misbehaves as the first step of a path says.

`/header-drip/a/adapter_config.json` is the config of an adapter, behind headers that arrive byte by
byte. A path may say which of its files is meant: `/header-drip@adapter_model.safetensors/a/…`, or
which read of it: `/changed-etag@2/a/…`.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.sources.faults import FAULTS, Exchange


class FaultyServer:
    """The server. `asked` has the path and the headers of each request."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        others: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.files = dict(files)
        self.others = dict(others or {})
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._tls = tls
        self._is_over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._is_over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while not self._is_over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as stack:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            stack.enter_context(connection)
            stream = stack.enter_context(connection.makefile("rb"))
            while line := stream.readline():
                self._answer(connection, line, dict(_headers(stream)))

    def _answer(self, connection: socket.socket, line: bytes, headers: dict[str, str]) -> None:
        path = line.split()[1].decode()
        with self._lock:
            self.asked.append((path, headers))
            self._counts[path] += 1
            number = self._counts[path]
        fault, _, rest = unquote(urlsplit(path).path).lstrip("/").partition("/")
        name, _, where = fault.partition("@")
        data = self.files.get(rest.rpartition("/")[2], b"")
        exchange = Exchange(connection, path, headers, data, self.others, number, self._is_over)
        is_here = not where or where == str(number) or rest.endswith(where)
        if not rest or rest.rpartition("/")[2] not in self.files:
            exchange.answer(404, b"")
        else:
            FAULTS[name if is_here else "sound"](exchange)


def _headers(stream: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    for line in itertools.takewhile(bytes.strip, stream):
        name, _, value = line.decode("latin-1").partition(":")
        yield name.lower(), value.strip()


@contextmanager
def serving_faults(
    files: Mapping[str, bytes],
    others: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[FaultyServer]:
    """Serve while the block runs."""
    server = FaultyServer(files, others, tls)
    try:
        yield server
    finally:
        server.close()


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """Make a certificate that nobody trusts, and return its file and a context to serve it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = f"subjectAltName=IP:{name}" if name[0].isdigit() else f"subjectAltName=DNS:{name}"
    kind = [
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    own = ["-subj", f"/CN={name}", "-addext", subject, "-keyout", str(key), "-out", str(cert)]
    subprocess.run(["openssl", "req", *kind, *own], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context
