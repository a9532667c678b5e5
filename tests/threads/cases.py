"""The threads of `docs/threads.json`: what went wrong in each, and what ought to be said of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final, Literal, NamedTuple

Status = Literal["found", "partly", "missed"]
Outcome = Literal["refuses", "applies none", "applies some", "applies all", ""]

PATH: Final = Path(__file__).resolve().parents[2] / "docs" / "threads.json"


class Thread(NamedTuple):
    """A public thread on an adapter, and what is said of that adapter.

    `thread` is the repository, `issues` or `pull`, and the number; `made_in` is the module that
    makes the adapter. `before` is what was found when the thread was judged first. A pattern of
    what ought to be said is in `expected`, as `CODE severity file: message | help`, and one of what
    ought not in `never`. `peft` is what PEFT does with the adapter on the model of the thread; it
    is empty where another tool would read the files. A thread that is mended has `mended`, and in
    `says` what is said of it now.
    """

    thread: str
    made_in: str
    about: str
    cause: str
    before: Status
    says: str
    expected: str
    never: str = ""
    peft: Outcome = ""
    mended: bool = False

    @property
    def id(self) -> str:
        """Return the name of the function that makes the adapter."""
        _, repository, _, number = self.thread.split("/")
        return re.sub(r"\W", "_", f"{repository}_{number}").lower()

    @property
    def is_open(self) -> bool:
        """Return whether it is not found, or with the wrong cause or help."""
        return self.before != "found" and not self.mended


THREADS: Final = tuple(Thread(**row) for row in json.loads(PATH.read_text("utf-8")))
