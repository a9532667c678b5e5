"""Make sure that writing a draft turns no finite value into an infinite one."""

from __future__ import annotations

from contextlib import ExitStack

from loracfg.errors import LoracfgError
from loracfg.repair.compute import Read, find_overflow
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import Cast, Scale, is_computed
from loracfg.repair.written_folder import OpenFiles, blocks


def check_overflow(draft: Draft) -> None:
    """Check that no cast or scaled value is too large for its dtype.

    Raises:
        LoracfgError: a value is too large, numpy is not installed, or a file ends too early.
    """
    computed = [(n, one) for n, one in (draft.tensors or {}).items() if is_computed(one)]
    with ExitStack() as stack:
        read: Read = OpenFiles(draft.files, stack).read
        for name, one in computed:
            for block in blocks(one):
                if (step := find_overflow(block, read)) is not None:
                    raise _refusal(name, step)


def _refusal(name: str, step: Cast | Scale) -> LoracfgError:
    if isinstance(step, Cast):
        advice = "use a `--dtype` with a larger range, or omit it"
        return LoracfgError(f"`{name}` has values that are too large for `{step.dtype}`", advice)
    return LoracfgError(
        f"`{name}` times `{step.factor:g}` has values that are too large for `{step.dtype}`",
        "skip the repair that scales it with `--ignore`",
    )
