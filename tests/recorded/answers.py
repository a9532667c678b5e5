"""All that loracfg says of an adapter, as lines of text."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.adapter.directory import SAFETENSORS_NAME, read_adapter
from loracfg.base.search import ResolvedBase
from loracfg.config import CONFIG_NAME
from loracfg.config.history.releases import PEFT_RELEASE, specifier
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.repair.change import Change
from loracfg.repair.draft import Draft, with_stored_tensors
from loracfg.repair.registry import change_for
from loracfg.repair.written_folder import write_weights
from loracfg.report.report import AdapterReport, Diagnostic
from loracfg.runtimes import profile_files
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.features import features_of
from loracfg.runtimes.verdict import Verdict
from loracfg.runtimes.verdict import judge as judge_engines
from loracfg.testing.building.examples import build
from loracfg.testing.building.surroundings import (
    has_values,
    live_of,
    policy_of,
    release_of,
    resolved_of,
    runtimes_of,
)
from loracfg.testing.memory_files import MemoryFiles

MOST: Final = 6
"""Lines of one kind that are written out; of more there is a digest."""


def answer(lines: tuple[str, ...]) -> list[str]:
    """Return what is said of the adapter of these lines (see `testing/building/examples.py`)."""
    files, base = build(lines)
    if not has_values(lines):
        files = filled(files)
    resolved = resolved_of(lines, base)
    engines = runtimes_of(lines)
    options = Options(
        pattern_seconds=5,
        peft=release_of(lines),
        data=has_values(lines),
        runtimes=engines,
        policy=policy_of(lines),
    )
    adapter = read_adapter(files, with_values=options.data)
    live = live_of(lines, adapter.shapes)
    report = Engine(options).open_read(adapter, resolved, live=live).report
    return [
        _summary(report),
        *map(_finding, report.diagnostics),
        *_repairs(files, resolved, options),
        *_engines(files, resolved, engines),
    ]


def filled(files: MemoryFiles) -> MemoryFiles:
    """Return the files with numbers in place of the zeros of a weight file."""
    whole = files.contents.get(SAFETENSORS_NAME, b"")
    begin = 8 + int.from_bytes(whole[:8], "little")
    if len(whole) <= begin or any(whole[begin:]):
        return files
    numbers = bytes(60 + i % 7 if i % 4 == 3 else i * 37 % 251 for i in range(len(whole) - begin))
    return MemoryFiles(
        {**files.contents, SAFETENSORS_NAME: whole[:begin] + numbers}, files.locked, files.links
    )


def _summary(report: AdapterReport) -> str:
    data: dict[str, Any] = report.to_dict()
    del data["path"], data["diagnostics"], data["hidden"]
    counts = data["coverage"].values()
    data["coverage"] = " ".join("-" if count is None else str(count) for count in counts)
    data["not_checked"] = [f"{one['what']}: {one['why']}" for one in data["not_checked"]]
    if data["written_by"] and data["written_by"]["peft"] == specifier((PEFT_RELEASE,)):
        data["written_by"] = "newest"  # most adapters: no line changes when a release is added
    return "; ".join(f"{key} {_shown(value)}" for key, value in data.items() if value)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _finding(one: Diagnostic) -> str:
    place = one.location.to_dict()
    related = [f"{r.location.to_dict()} {r.message}" for r in one.related]
    parts = [
        f"{one.code} {one.severity} {list(place.values())} {one.message}",
        one.help,
        f"count {one.count}" if one.count != 1 else "",
        *_short(related),
        f"fix {json.dumps(one.fix.to_dict())}" if one.fix else "",
    ]
    return " | ".join(filter(None, parts))


def _repairs(files: MemoryFiles, resolved: ResolvedBase, options: Options) -> Iterator[str]:
    """Yield what each repair would change."""
    adapter = read_adapter(files)
    case = Engine(options._replace(data=False)).open_read(adapter, resolved)
    whole = with_stored_tensors(Draft(files), adapter)
    for found in case.findings:
        for finding in found.findings[:MOST]:
            if change := change_for(found.rule.code, finding, found.subject, whole):
                yield f"repair {found.rule.code}: {'; '.join(_changed(change, whole, files))}"


def _changed(change: Change, before: Draft, files: MemoryFiles) -> Iterator[str]:
    yield f"{'safe' if change.safe else 'unsafe'}, {change.title} ({change.why})"
    draft = change.draft
    old = files.contents.get(CONFIG_NAME, b"").decode(errors="replace").splitlines()
    new = old if draft.config is None else draft.config.splitlines()
    edits = [line for line in difflib.unified_diff(old, new, n=0) if line[:3] not in ("---", "+++")]
    yield from _short([line for line in edits if line[:2] != "@@"])
    if draft.left_out != before.left_out:
        yield f"without {sorted(draft.left_out)}"
    if draft.tensors is not before.tensors:
        tensors = {name: (one.dtype, one.shape) for name, one in (draft.tensors or {}).items()}
        known = {name: (one.dtype, one.shape) for name, one in (before.tensors or {}).items()}
        yield from _short([f"-{name}" for name in known.keys() - tensors.keys()])
        yield from _short([f"+{n} {t}" for n, t in tensors.items() if known.get(n) != t])
        yield f"file {_digest(_written(draft))}"


def _written(draft: Draft) -> bytes:
    target = BytesIO()
    try:
        write_weights(draft, target)
    except LoracfgError as error:
        return str(error).encode()
    return target.getvalue()


def _engines(files: MemoryFiles, resolved: ResolvedBase, named: tuple[str, ...]) -> Iterator[str]:
    """Yield the features that engines see, and what past engines make of them."""
    adapter = read_adapter(files)
    if adapter.reading is None or adapter.header is None or adapter.other_method:
        return
    served = Engine(Options(pattern_seconds=5)).open_read(adapter, resolved).served
    features = features_of(served)
    yield "features: " + " ".join(n if held else f"{n}?" for n, held in sorted(features.items()))
    runtimes = map(find_runtime, (*sorted(past_engines()), *named))
    shown = [(_verdict(one), one.runtime.shown) for one in judge_engines(served, runtimes)]
    for said, ones in groupby(sorted(shown), key=itemgetter(0)):
        yield f"{', '.join(name for _, name in ones)}: {said}"


@cache
def past_engines() -> dict[str, str]:
    """Return facts of engines as they were once: new facts change nothing that is recorded."""
    folder = Path(__file__).with_name("engines")
    return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}


@contextmanager
def with_past_engines() -> Iterator[None]:
    """Have these engines known besides the others."""
    texts = profile_files.texts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_files, "texts", lambda: {**texts, **past_engines()})
        profile_files.names.cache_clear()
        try:
            yield
        finally:
            profile_files.names.cache_clear()


def _verdict(one: Verdict) -> str:
    facts = [f"{' '.join(fact.when)} {fact.effect}" for fact in one.facts]
    factors = [f"factors {one.factors}"] if one.factors else []
    words = [f"{key} {value}" for key, value in one.words.items() if value]
    return "; ".join(
        [one.answer, *facts, *one.unknown, *one.assumed, *_short(factors), *_short(words)]
    )


def _short(lines: list[str]) -> list[str]:
    """Return a few lines, and a digest of all if there are more or they are long."""
    lines = sorted(lines)
    if len(lines) <= MOST and sum(map(len, lines)) < 600:
        return lines
    kept = [line[:100] for line in lines[:2]]
    return [*kept, f"{len(lines)} lines {_digest(chr(10).join(lines).encode())}"]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]
