"""Run one repair on an adapter in the language of the rules' examples."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.analysis.subject import Subject
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.repair.change import Change
from loracfg.repair.draft import Draft, with_stored_tensors
from loracfg.repair.registry import change_for
from loracfg.repair.tensor_data import RowSlice, Transpose
from loracfg.repair.written_folder import write_weights
from loracfg.rules.registry import find_rule
from loracfg.testing.building.examples import build
from loracfg.testing.building.surroundings import resolved_of, runtimes_of


def changed(repair: Callable[[Subject, Draft], Change | None], *lines: str) -> Change | None:
    """Return what a repair makes of the adapter of these lines."""
    files, base = build(lines)
    adapter, resolved = read_adapter(files), resolved_of(lines, base)
    engine = Engine(Options(runtimes=runtimes_of(lines)))
    subject = engine.open_read(adapter, resolved).subject
    return repair(subject, with_stored_tensors(Draft(files), adapter))


def repaired(code: str, *lines: str, gone: str | None = None) -> Change | None:
    """Return what repairs a finding of one rule in the adapter of these lines, if anything does.

    `gone` is a tensor that the draft has no longer.
    """
    rule = find_rule(code)
    assert rule is not None

    def repair(subject: Subject, draft: Draft) -> Change | None:
        draft = draft.without_tensors([gone]) if gone else draft
        found = (change_for(code, one, subject, draft) for one in rule.check(subject))
        return next(filter(None, found), None)

    return changed(repair, *lines)


def config_of(change: Change | None) -> dict[str, Any]:
    assert change is not None
    assert change.draft.config is not None
    found: dict[str, Any] = json.loads(change.draft.config)
    return found


def values_of(draft: Draft) -> dict[str, Any]:
    """Return the numbers of the tensors of a draft."""
    load = pytest.importorskip("safetensors.numpy", reason="it reads what is written").load
    for one in (draft.tensors or {}).values():
        source = one.source if isinstance(one, RowSlice) else one
        if isinstance(source, Transpose):
            assert math.prod(source.shape) == math.prod(source.parts)
    target = BytesIO()
    write_weights(draft, target)
    found: dict[str, Any] = load(target.getvalue())
    return found
