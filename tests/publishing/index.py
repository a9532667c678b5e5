"""A package index on this machine: the pages that pip, uv and pipx ask for, and the files."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of its parent's
        """Log nothing."""


def write_index(packages: Path, folder: Path) -> None:
    """Write an index of files to a folder: a page for each project, beside links to its files."""
    names = sorted(path.name for path in packages.iterdir())
    projects = {re.split(r"-\d", name)[0].replace("_", "-").lower() for name in names}
    for project in projects:
        page = folder / "simple" / project
        page.mkdir(parents=True)
        links = []
        for name in names:
            if name.startswith(f"{project}-"):
                (page / name).write_bytes((packages / name).read_bytes())
                links.append(f'<a href="{html.escape(name)}">{html.escape(name)}</a>')
        text = "<!DOCTYPE html><title>{}</title>\n{}\n"
        (page / "index.html").write_text(text.format(project, "\n".join(links)), "utf-8")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve an index on a free port; yield its URL."""
    handler = partial(_Quiet, directory=f"{folder}")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple/"
        finally:
            server.shutdown()
            thread.join()
