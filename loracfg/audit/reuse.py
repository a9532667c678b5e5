"""Which rows of earlier runs still hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from loracfg.audit.base_states import BaseStates
from loracfg.audit.judging.judge_state import (
    JudgeState,
    RulesChange,
    change_between,
)
from loracfg.audit.judging.verdict_inputs import options_digest
from loracfg.audit.known_rows import Known, rows_text
from loracfg.audit.listing.listed import Listed
from loracfg.audit.reading.contents import Contents
from loracfg.audit.result_row import (
    CODES,
    LISTED_AS,
    NOTED,
    READ_AT,
    REVISION,
    SOURCE,
    STATUS,
    WEIGHTS_ETAG,
    Cell,
    JudgedRow,
    Row,
    microseconds,
)
from loracfg.engine.options import Options
from loracfg.sources.source import NOT_AN_ADAPTER, UNREADABLE_ARCHIVE
from loracfg.urls import redacted

_IN_CONTENT: Final = frozenset({NOT_AN_ADAPTER, UNREADABLE_ARCHIVE})
"""What makes an adapter unreadable until its content changes; all else may pass."""


class Reuse:
    """Decides what a run need not judge again.

    Attributes:
        run: the id of the run.
        judge: the digest of what judges now.
    """

    def __init__(
        self,
        run: str,
        state: JudgeState,
        earlier: Callable[[str], JudgeState | None],
        *,
        uses_known: bool = True,
    ) -> None:
        """Create it for a run.

        Args:
            run: the id of the run.
            state: what judges now.
            earlier: returns what judged in earlier runs, by its digest.
            uses_known: whether anything of earlier runs is used.
        """
        self.run, self.judge = run, state.digest
        self._state, self._earlier, self._uses_known = state, earlier, uses_known
        self._bases = BaseStates()
        self._changes: dict[str, RulesChange] = {}

    def holds(self, known: Known, options: Options) -> bool:
        """Whether the rows of a known content would be the same if they were judged again."""
        if not self._uses_known or known.options != options_digest(options):
            return False
        if options.base and not {name for name, _, _ in known.bases} <= {options.base, None}:
            return False  # no audit wrote it: a base of the user is the same for all rows
        state_of = partial(self._state_of_base(options), online=options.online)
        if any(state_of(name, at) != state for name, at, state in known.bases):
            return False
        if known.judge == self.judge:
            return True
        change = self._change_since(known.judge)
        if change.is_all:
            return False
        return not any(
            change.concerns(_firsts(row[CODES]), _texts(row[NOTED])) for row in known.rows()
        )

    def known(
        self,
        key: bytes,
        version: str | None,
        options: Options,
        content: bytes | None,
        rows: Sequence[JudgedRow],
    ) -> Known:
        """Return rows that were judged as what is known from now on.

        What could not be read for a reason outside its content has to be read again, whatever the
        version says: a base or a permission may be there now.
        """
        digest, state_of = options_digest(options), self._state_of_base(options)
        if any(_may_be_readable(one.row) for one in rows):
            version = content = None
        return Known.of(key, version, digest, self.judge, content, rows, state_of, self.run)

    def _state_of_base(self, options: Options) -> partial[str]:
        is_users = options.base is not None and not options.base_by_adapter
        return partial(self._bases.state_of, is_users=is_users)

    def renamed(self, same: Known, listed: Listed, read: Contents, version: str | None) -> Known:
        """Return what is known of the same content elsewhere, as that of something listed."""
        (row,) = same.rows()
        new = {
            SOURCE: redacted(read.name) + listed.mark,
            LISTED_AS: listed.full_name,
            REVISION: version,
            WEIGHTS_ETAG: read.weights_etag,
            READ_AT: microseconds(),
        }
        text = rows_text([tuple(new.get(at, value) for at, value in enumerate(row))])
        return same._replace(key=listed.key, version=version, text=text, run=self.run)

    def _change_since(self, digest: str) -> RulesChange:
        if digest not in self._changes:
            self._changes[digest] = change_between(self._earlier(digest), self._state)
        return self._changes[digest]


def _may_be_readable(row: Row) -> bool:
    return row[STATUS] == "error" and _IN_CONTENT.isdisjoint(_firsts(row[CODES]))


def _firsts(codes: Cell) -> list[str]:
    found = codes if isinstance(codes, list | tuple) else ()
    return [f"{one[0]}" for one in found if isinstance(one, list | tuple) and one]


def _texts(cell: Cell) -> list[str]:
    return [f"{one}" for one in cell] if isinstance(cell, list | tuple) else []
