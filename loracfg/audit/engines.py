"""What runs an audit: the names of the engines, and what each of them is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loracfg.audit.job_runner import RunnerSetup
    from loracfg.audit.ledger import Ledger
    from loracfg.audit.listing.listed import Listed
    from loracfg.audit.progress import Progress
    from loracfg.audit.reading.limiter import Limiter

EngineName = Literal["local", "ray"]
"""`local` for this machine, `ray` for a cluster."""
ENGINES: Final[tuple[EngineName, ...]] = get_args(EngineName)


class EngineTask(NamedTuple):
    """What an engine runs: everything that is listed is to be judged.

    Attributes:
        listed: what there is to judge.
        ledger: knows what need not be judged, and takes the results.
        setup: how jobs are run.
        limiter: the limits of the run, and the count of its requests.
        progress: the counts.
        tick: called now and then.
    """

    listed: Iterator[Listed]
    ledger: Ledger
    setup: RunnerSetup
    limiter: Limiter
    progress: Progress
    tick: Callable[[], None]


def check_engine(name: str) -> None:
    """Check that there is an engine.

    Raises:
        LoracfgError: there is none with this name.
    """
    if name not in ENGINES:
        known = "` or `".join(ENGINES)
        raise LoracfgError(f"no engine is called `{name}`", f"use `{known}`")
