"""Import the packages of the extras `audit` and `ray`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from types import ModuleType

_INSTALL: Final = "run `pip install 'loracfg[audit]'`"
_INSTALL_RAY: Final = "run `pip install 'loracfg[ray]'` here and on every node of the cluster"


def import_pyarrow() -> ModuleType:
    """Return `pyarrow`.

    Raises:
        LoracfgError: it is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        message = "results cannot be written or read: `pyarrow` is not installed"
        raise LoracfgError(message, _INSTALL) from None
    found: ModuleType = pyarrow
    return found


def import_duckdb() -> ModuleType:
    """Return `duckdb`.

    Raises:
        LoracfgError: it is not installed.
    """
    try:
        import duckdb
    except ImportError:
        message = "results cannot be queried: `duckdb` is not installed"
        raise LoracfgError(message, _INSTALL) from None
    return duckdb


def import_ray() -> ModuleType:
    """Return `ray`, with `ray.data`.

    Raises:
        LoracfgError: it is not installed.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        missing = error.name or "ray"
        message = f"nothing can run on Ray: `{missing.partition('.')[0]}` is not installed"
        raise LoracfgError(message, _INSTALL_RAY) from None
    found: ModuleType = ray
    return found
