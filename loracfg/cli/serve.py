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
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option("--workers", default=1, show_default=True, help="Number of worker processes.")
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="Folder in which requests may name adapters and bases by path.",
)
def serve(host: str, port: int, workers: int, roots: tuple[str, ...]) -> None:
    """Run the REST service and its page.

    The page is at `/`, the description of the API at `/openapi.json`. Set the token, the limits and
    everything else in the environment; docs/service.md lists the variables.

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
    import_module("loracfg_api.settings").load_settings()  # reports wrong settings at once
    _check_address(host, port)
    signal.signal(signal.SIGTERM, _end)  # uvicorn re-raises it after stopping
    with _figures(workers):
        uvicorn.run(
            "loracfg_api.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            http=import_module("loracfg_api.connections").BoundedConnection,
            ws="none",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=30,
            timeout_keep_alive=30,
        )


def _check_address(host: str, port: int) -> None:
    """Check that the service can listen; uvicorn would exit with a status of its own.

    Raises:
        LoracfgError: if it cannot, such as because the port is in use.
    """
    import socket

    from loracfg.errors import LoracfgError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        message = f"cannot listen on `{host}`, port `{port}`: {reason}"
        raise LoracfgError(message, "use a different `--port` or `--host`") from None


@contextmanager
def _figures(workers: int) -> Iterator[None]:
    """Create the folder in which the workers add up their metrics, unless there is one."""
    if workers == 1 or "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        yield
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="loracfg-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _end(*_: Any) -> NoReturn:
    sys.exit(0)
