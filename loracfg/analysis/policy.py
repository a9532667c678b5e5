"""What a project allows in its adapters."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from loracfg.adapter.directory import PICKLE_NAME
from loracfg.analysis.model_card import CARD
from loracfg.named_tuple import NamedTuple
from loracfg.sources.globs import matches_whole, split

_PICKLES: Final = (
    PICKLE_NAME,
    "optimizer.pt",
    "scheduler.pt",
    "scaler.pt",
    "rng_state.pth",
    "training_args.bin",
)
"""The pickled files that a trainer writes."""


class Policy(NamedTuple):
    """What a project allows; None and False allow everything.

    Attributes:
        bases: patterns of the ids or folders of allowed bases.
        licenses: the allowed licenses, as in the model card of an adapter.
        max_rank: the largest allowed rank.
        pinned_revision: whether `revision` must be a commit.
        no_pickles: whether pickled files are forbidden.
        no_modules_to_save: whether `modules_to_save` is forbidden.
        folder: the folder that patterns of folders are relative to.
    """

    bases: tuple[str, ...] | None = None
    licenses: tuple[str, ...] | None = None
    max_rank: int | None = None
    pinned_revision: bool = False
    no_pickles: bool = False
    no_modules_to_save: bool = False
    folder: str = ""

    @property
    def restrictions(self) -> Iterator[str]:
        """The names of the fields that restrict something."""
        limits = self._replace(folder="")._asdict()
        return (name for name, value in limits.items() if value not in (None, False, ""))

    @property
    def files(self) -> tuple[str, ...]:
        """The files to ask for by their names where a folder cannot be listed."""
        cards = (CARD,) if self.licenses is not None else ()
        return cards + (_PICKLES if self.no_pickles else ())

    def allows_base(self, named: str) -> bool:
        """Tell whether the base that a config names is allowed."""
        if self.bases is None:
            return True
        forms = [named.removeprefix("./").rstrip("/")]
        if os.path.lexists(named):
            forms.append(os.path.relpath(named, self.folder).replace(os.sep, "/"))
        paths = [form.split("/") for form in forms]
        return any(
            matches_whole(split(one.removeprefix("./")), path)
            for one in self.bases
            for path in paths
        )
