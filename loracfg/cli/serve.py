"""`loracfg serve`: the REST service and its page."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 takes any.")
@click.option("--workers", default=1, show_default=True, help="Processes that serve.")
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="Folder in which requests may name adapters and bases by path.",
)
def serve(host: str, port: int, workers: int, roots: tuple[str, ...]) -> None:
    """Serve validation over HTTP, with a page at `/` and the routes in `/openapi.json`.

    Limits, the token and the rest are set by the environment: docs/service.md lists them.

    \b
    Examples:
      loracfg serve
      LORACFG_TOKEN=secret loracfg serve --host 0.0.0.0 --workers 4 --root /srv/adapters
    """  # noqa: D301  # \b is the character by which click keeps lines
    import signal
    from importlib import import_module

    from loracfg.errors import LoracfgError

    try:
        import uvicorn
    except ImportError:
        raise LoracfgError(
            "`loracfg serve` needs the extra `api`", "run `pip install 'loracfg[api]'`"
        ) from None
    if roots:
        os.environ["LORACFG_ROOTS"] = os.pathsep.join(roots)
    import_module("loracfg_api.settings").load_settings()  # what is wrong with them is said here
    signal.signal(signal.SIGTERM, _end)  # uvicorn raises it again when it has stopped
    with _figures(workers):
        uvicorn.run(
            "loracfg_api.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=30,
            timeout_keep_alive=30,
        )


@contextmanager
def _figures(workers: int) -> Iterator[None]:
    """Make the folder in which the figures of several workers add up, unless there is one."""
    if workers == 1 or "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        yield
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="loracfg-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _end(*_: Any) -> NoReturn:
    sys.exit(0)
