"""Records all answers again; see the package."""

from __future__ import annotations

from tests.recorded.answers import answer, with_past_engines
from tests.recorded.cases import Case, read_cases, write_cases

if __name__ == "__main__":
    with with_past_engines():
        write_cases([Case(one.lines, answer(one.lines)) for one in read_cases()])
