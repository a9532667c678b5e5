"""What an adapter contains."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from loracfg.engine.case import Case
from loracfg.engine.fronts import engine_for
from loracfg.errors import LoracfgError
from loracfg.inspection.contents import EngineAnswer, Inspection
from loracfg.inspection.gather import engine_answers, groups_of, modules_in
from loracfg.inspection.notes import notes_of
from loracfg.inspection.sizes import shares_by_dtype, shares_by_role
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import names

if TYPE_CHECKING:
    from loracfg.engine.options import OptionArguments, Options


def inspect(
    path: str | Path, options: Options | None = None, **arguments: Unpack[OptionArguments]
) -> Inspection:
    """Return what an adapter contains.

    For a broken adapter, the result has what can be read.

    Raises:
        LoracfgError: if the path does not exist or has nothing that can be read as an adapter.
    """
    case = engine_for(options, **arguments).open(path)
    refuse_unreadable(case)
    modules = tuple(modules_in(case))
    return Inspection(
        case.report,
        modules,
        groups_of(modules),
        shares_by_role(case.adapter, case.plan),
        shares_by_dtype(case.adapter),
        _engines(case),
        notes_of(case.adapter, modules),
        case.adapter.named_base,
    )


def refuse_unreadable(case: Case) -> None:
    """Check that something of an adapter can be read.

    Raises:
        LoracfgError: if nothing can.
    """
    if case.config is None and case.weights is None and case.adapter.method is None:
        message = f"`{case.name}` has no config and no weights of a LoRA adapter that can be read"
        raise LoracfgError(message, "run `loracfg validate` to see what is wrong")


def _engines(case: Case) -> tuple[EngineAnswer, ...]:
    if case.weights is None:
        return ()
    return engine_answers(case.verdicts(map(find_runtime, names())))
