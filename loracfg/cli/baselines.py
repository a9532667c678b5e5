"""What `validate` does with a baseline: hide what it has, say what is stale, write a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from loracfg.report.report import Report
    from loracfg.settings.baseline import Baseline, Lists
    from loracfg.settings.project import ProjectSettings

_SHOWN: Final = 10


def open_baseline(path: Path, *, is_new: bool) -> Baseline:
    """Return the baseline to use or, if `is_new`, to renew or create.

    Raises:
        LoracfgError: it cannot be read.
    """
    from loracfg.settings.baseline import Baseline, read_baseline

    return Baseline(path) if is_new and not path.exists() else read_baseline(path)


def accept(
    report: Report, baseline: Baseline, settings: ProjectSettings, new: Path | None
) -> Report:
    """Return a report without accepted findings, and say on standard error what is stale.

    Args:
        report: the report with all findings.
        baseline: the baseline, which is written first if there is a `new` one.
        settings: which findings are listed.
        new: the file to write.

    Raises:
        LoracfgError: the file cannot be written.
    """
    from loracfg.report.render.words import counted, visible

    lists = _lists(settings)
    if new:
        from loracfg.cli.output import replace_file

        baseline = baseline.renewed(report, lists)
        replace_file(new, baseline.text().encode())
        click.echo(visible(f"wrote `{new}` with {counted(len(baseline), 'finding')}"), err=True)
    accepted = report._replace(adapters=tuple(map(baseline.accept, report.adapters)))
    stale = baseline.stale(lists)
    for entry in stale[:_SHOWN]:
        click.echo(visible(f"stale: {entry}"), err=True)
    if stale:
        number = "1 entry" if len(stale) == 1 else f"{len(stale)} entries"
        verb = "matches" if len(stale) == 1 else "match"
        advice = f"run with `--write-baseline {baseline.path}` to remove "
        advice += "it" if len(stale) == 1 else "them"
        told = f"{number} of `{baseline.path}` no longer {verb} a finding; {advice}"
        click.echo(visible(told), err=True)
    return accepted


def _lists(settings: ProjectSettings) -> Lists:
    def lists(path: str, code: str) -> bool:
        return settings.options_for(path).choice.lists(code)

    return lists
