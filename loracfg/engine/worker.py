"""A process that works for another one, which sends tasks and receives answers.

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
from typing import BinaryIO, Final

from loracfg.engine.messages import READY

_COLLECT_AFTER: Final = 200_000
"""As for the command line."""


def main() -> None:
    """Do the tasks on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our parent ends us
    gc.set_threshold(_COLLECT_AFTER)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what other code prints is no answer
    requests = sys.stdin.buffer
    work = pickle.load(requests).function()  # noqa: S301  # from our parent
    answers.write(READY)
    answers.flush()
    _serve(work, requests, answers)


def _serve(
    work: Callable[[object], list[object]],
    requests: BinaryIO,
    answers: BinaryIO,
) -> None:
    while True:
        try:
            batch: list[object] = pickle.load(requests)  # noqa: S301  # from our parent
        except EOFError:
            return
        found = [work(task) for task in batch]
        answers.write(pickle.dumps(found))
        answers.flush()


if __name__ == "__main__":
    with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):  # the parent has ended
        main()
    sys.stderr.flush()
    os._exit(0)
