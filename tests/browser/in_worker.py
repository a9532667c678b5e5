"""Judges adapters in the worker of the page, with its own code, and compares with CPython."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loracfg_api.static_page.pattern_steps import STEPS_PER_SECOND
from loracfg_api.uploads.bases import base_of_files

from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.planning.patterns import MatchingApart, PatternBudget, match_in_process
from loracfg.testing.memory_files import MemoryFiles
from tests.browser.files import WEIGHTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

Verdict = tuple[str, list[str]]
"""The status, and each finding as `code severity message`."""

JUDGE: Final = """
async (adapters) => {
  const [{ localEngine }, { adaptersIn, baseOf }, { prepare }] = await Promise.all(
    ["local.js", "sorting.js", "body.js"].map((name) => import(`/page/${name}`)),
  );
  globalThis.judging ??= localEngine();
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const items = (files) => files.map(({ path, head, rest }) => ({
    path,
    file: new File([bytes(head), new Uint8Array(rest)], path.split("/").at(-1)),
  }));
  const answers = [];
  for (const { files, base } of adapters) {
    const [adapter] = adaptersIn(items(files));
    const { body } = await prepare(adapter, baseOf(items(base)), {}, true);
    const started = performance.now();
    const { status, content } = await judging.ask("validate", { body });
    answers.push({ status, content, ms: performance.now() - started });
  }
  return answers.map(({ status, content, ms }) => {
    if (status !== 200) return { status: String(status), codes: [content], ms };
    const [judged] = JSON.parse(content).adapters;
    const codes = judged.diagnostics.map((d) => `${d.code} ${d.severity} ${d.message}`);
    return { status: judged.status, codes, ms };
  });
}
"""
"""Makes files of what it gets, and sends them to the worker as the page does."""


class Judged(NamedTuple):
    """An adapter in memory, and the config of its base."""

    name: str
    files: MemoryFiles
    base: bytes


class Timed(NamedTuple):
    """A verdict of the worker, and how many milliseconds it took."""

    verdict: Verdict
    milliseconds: float


def in_worker(page: Page, adapters: list[Judged]) -> list[Timed]:
    """Return the verdicts of the worker of an open page."""
    sent = [
        {"files": _files(one.files.contents), "base": _files({"config.json": one.base})}
        for one in adapters
    ]
    found: list[dict[str, Any]] = page.evaluate(JUDGE, sent)
    return [Timed((one["status"], sorted(one["codes"])), one["ms"]) for one in found]


def in_cpython(one: Judged) -> Verdict:
    """Return the verdict of this Python, on the same files; a limit of seconds is told in steps."""
    base = base_of_files("config.json", one.base, {})
    budget = PatternBudget(apart=MatchingApart(match_in_process, STEPS_PER_SECOND))
    engine = Engine(Options(isolated=True), budget=budget)
    report = engine.open_files(one.files, "adapter", base).report
    return (
        report.status,
        sorted(f"{d.code} {d.severity} {d.message}" for d in report.diagnostics),
    )


def _files(contents: Mapping[str, bytes]) -> list[dict[str, object]]:
    """Return files as JSON; the data of weights are zeros."""
    return [
        {"path": name, "head": b64encode(data[:cut]).decode(), "rest": len(data[cut:])}
        for name, data in contents.items()
        if not name.endswith("/")
        for cut in (_end_of_header(name, data),)
    ]


def _end_of_header(name: str, data: bytes) -> int:
    end = 8 + int.from_bytes(data[:8], "little")
    has_only_zeros = name == WEIGHTS and not data[end:].strip(b"\0")
    return min(end, len(data)) if has_only_zeros else len(data)
