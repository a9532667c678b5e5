"""The page without a server: its files, and a web server for them that compresses, as most do."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest
from loracfg_api.static_page.hub_place import HubPlace
from loracfg_api.static_page.other_projects import pyodide_folder, wheel_files
from loracfg_api.static_page.page_files import OtherProjects, page_files, with_page

from loracfg.errors import LoracfgError

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
"""Media types of the files that are compressed; the others are archives."""


def parts() -> OtherProjects:
    """Return what other projects contribute; skips the calling test where that is not there."""
    if shutil.which("node") is None:
        pytest.skip("node is not on this machine, so the page cannot be compiled")
    try:
        return OtherProjects(pyodide_folder(None), wheel_files(None))
    except LoracfgError as error:
        if "cannot be downloaded" in error.message:
            pytest.skip(f"{error.message}: the page cannot be written")
        raise


@cache
def content() -> dict[str, bytes]:
    """Return the files of the page, which take ten seconds to compile."""
    return page_files(parts(), compiles=True)


def page_files_for(hub: HubPlace | None) -> dict[str, bytes]:
    """Return the files of the page that may ask this Hub, or none."""
    return with_page(content(), hub)


@dataclass
class Served:
    """A running web server, and how many bytes it has sent for each path."""

    url: str
    sent: dict[str, int] = field(default_factory=dict)

    def clear(self) -> None:
        self.sent.clear()


@contextmanager
def serving_files(files: dict[str, bytes]) -> Iterator[Served]:
    """Serve files from a thread of this process."""
    packed = {name: gzip.compress(data, 6) for name, data in files.items() if _type_of(name)}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = unquote(urlsplit(self.path).path)[1:] or "index.html"
            data = packed.get(name, files.get(name))
            self.send_response(404 if data is None else 200)
            data = data or b""
            served.sent[name] = served.sent.get(name, 0) + len(data)
            self.send_header("Content-Type", _type_of(name) or "application/octet-stream")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "max-age=600")
            if name in packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}/")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _type_of(name: str) -> str | None:
    return TYPES.get(Path(name).suffix)
