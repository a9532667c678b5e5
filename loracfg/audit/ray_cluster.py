"""A cluster of Ray: how it is reached, and the workers that a job has there. For Ray 2.60."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from loracfg.audit.packages import import_ray
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from ray.data import ActorPoolStrategy

BATCH: Final = 256
"""The adapters of a batch: what is judged again if a worker is lost."""
_USAGE_STATS: Final = "RAY_USAGE_STATS_ENABLED"
_JOB_CONFIG: Final = "RAY_JOB_CONFIG_JSON_ENV_VAR"
"""What `ray job submit` sets for its program."""


def check_ray() -> None:
    """Check that this process can connect to a cluster.

    Ray notes the command line of a program that connects, and takes only UTF-8.

    Raises:
        LoracfgError: Ray is not installed, or does not take the command line.
    """
    if import_ray().is_initialized():
        return
    for argument in sys.orig_argv:
        try:
            argument.encode()
        except UnicodeEncodeError:
            message = f"Ray cannot start from a command line with `{argument}`, which is not UTF-8"
            raise LoracfgError(message, "write such names to a list, and pass that") from None


@contextmanager
def connected() -> Iterator[None]:
    """Connect to the cluster of `RAY_ADDRESS` or of this machine; without one, start one here.

    A program that is connected stays so. Ray puts the current folder first on the path of workers,
    unless the job has a working directory: it gets an empty one. Ray sends statistics on its use to
    its makers: a cluster that is started here does not, unless `RAY_USAGE_STATS_ENABLED` says so.

    Raises:
        LoracfgError: Ray is not installed, or the cluster does not answer.
    """
    ray = import_ray()
    if ray.is_initialized():
        yield
        return
    os.environ.setdefault(_USAGE_STATS, "0")
    try:
        with tempfile.TemporaryDirectory(prefix="loracfg-") as empty:
            ray.init(
                log_to_driver=False,
                logging_level="ERROR",
                include_dashboard=False,
                runtime_env=None if _job_has_folder() else {"working_dir": empty},
            )
    except (ConnectionError, TimeoutError, RuntimeError, ValueError) as error:
        first = f"{error}".partition("\n")[0]
        advice = "check `RAY_ADDRESS` and the cluster with `ray status`"
        raise LoracfgError(f"cannot connect to Ray: {first}", advice) from None
    try:
        yield
    finally:
        ray.shutdown()


def _job_has_folder() -> bool:
    """Whether `ray job submit` was given a working directory, which Ray lets nobody change."""
    config: object = json.loads(os.environ.get(_JOB_CONFIG, "{}"))
    runtime = config.get("runtime_env") if isinstance(config, dict) else None
    return isinstance(runtime, dict) and "working_dir" in runtime


def worker_pool(most: int | None = None) -> ActorPoolStrategy:
    """Return how many workers a job has that has no other stage.

    It begins with as many as the cluster has CPUs for. If there is more to do than they take, it
    asks for more, for which an autoscaler adds nodes.

    Args:
        most: the most of them (default: any number).
    """
    ray = import_ray()
    begin = max(1, int(ray.cluster_resources().get("CPU", 1)))
    begin = min(begin, most) if most else begin
    return ray.data.ActorPoolStrategy(min_size=1, max_size=most, initial_size=begin)
