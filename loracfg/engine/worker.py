"""A process that validates adapters for another one, which sends addresses and receives answers.

Both sides of the pipe are the same program, so it carries pickles.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Final

from loracfg.engine.fronts import shared_engine
from loracfg.engine.messages import READY, Task

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport

_COLLECT_AFTER: Final = 200_000
"""As for the command line."""


def main() -> None:
    """Validate what standard input names until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our parent ends us
    gc.set_threshold(_COLLECT_AFTER)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what other code prints is no answer
    requests = sys.stdin.buffer
    then = pickle.load(requests)  # noqa: S301  # from our parent
    answers.write(READY)
    answers.flush()
    _serve(then, requests, answers)


def _serve(
    then: Callable[[AdapterReport], object],
    requests: BinaryIO,
    answers: BinaryIO,
) -> None:
    while True:
        try:
            batch: list[Task] = pickle.load(requests)  # noqa: S301  # from our parent
        except EOFError:
            return
        found = [
            [then(report) for report in shared_engine(options).reports_at(address)]
            for address, options in batch
        ]
        answers.write(pickle.dumps(found))
        answers.flush()


if __name__ == "__main__":
    with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):  # the parent has ended
        main()
    sys.stderr.flush()
    os._exit(0)
