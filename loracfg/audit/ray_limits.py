"""The limits of requests that all workers of a job on Ray share: an actor that gives leases."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from loracfg.audit.packages import import_ray
from loracfg.audit.reading.lease import Lease, Usage
from loracfg.audit.reading.limiter import ReadLimits
from loracfg.audit.reading.shared_limits import SharedLimits

if TYPE_CHECKING:
    from ray.actor import ActorHandle


def shared_limits(limits: ReadLimits | None = None) -> ActorHandle:
    """Start the actor that divides the requests of a job among its workers.

    It ends with the job, or when nothing refers to it. If its node is lost, Ray starts it again.

    Args:
        limits: the limits of the whole job.

    Raises:
        LoracfgError: Ray is not installed.
    """
    actor = import_ray().remote(SharedLimits)
    name = f"loracfg-limits-{uuid4().hex[:8]}"
    options = actor.options(name=name, num_cpus=0, max_restarts=-1, max_task_retries=-1)
    return options.remote(limits or ReadLimits())


class ActorLessor:
    """Asks the actor of a job for leases, for one worker."""

    def __init__(self, actor: ActorHandle) -> None:
        """Create it without asking.

        Args:
            actor: what `shared_limits` returned.
        """
        self._actor, self._worker = actor, uuid4().hex

    def lease(self, host: str, usage: Usage) -> Lease:
        """Return what this worker may send to a host from now on."""
        answer = self._actor.lease.remote(self._worker, host, usage)
        found: Lease = import_ray().get(answer)
        return found
