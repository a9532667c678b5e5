"""What `validate` does with a baseline: hide what it has, say what is stale, write a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from loracfg.cli.validation import Validation
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


def accepting(
    validation: Validation, baseline: Baseline, settings: ProjectSettings, new: Path | None
) -> tuple[Validation, Baseline]:
    """Return a validation without accepted findings, and the baseline that accepts them.

    Args:
        validation: the validation with all findings.
        baseline: the baseline, which is written first if there is a `new` one.
        settings: which findings are listed.
        new: the file to write.

    Raises:
        LoracfgError: the file cannot be written.
    """
    from loracfg.cli.validation import AcceptingValidation, FinishedValidation
    from loracfg.report.report import Report

    if new:
        report = Report(validation.version, tuple(validation.reports()))
        baseline = _renew(report, baseline, settings, new)
        validation = FinishedValidation(report)
    return AcceptingValidation(validation, baseline.accept), baseline


def _renew(report: Report, baseline: Baseline, settings: ProjectSettings, new: Path) -> Baseline:
    from loracfg.cli.output import replace_file
    from loracfg.report.render.words import counted, visible

    renewed = baseline.renewed(report, _lists(settings))
    replace_file(new, renewed.text().encode())
    click.echo(visible(f"wrote `{new}` with {counted(len(renewed), 'finding')}"), err=True)
    return renewed


def tell_stale(baseline: Baseline, settings: ProjectSettings) -> None:
    """Say on standard error what a baseline has that matched nothing."""
    from loracfg.report.render.words import visible

    stale = baseline.stale(_lists(settings))
    for entry in stale[:_SHOWN]:
        click.echo(visible(f"no longer found: {entry}"), err=True)
    if not stale:
        return
    number = "1 entry" if len(stale) == 1 else f"{len(stale)} entries"
    verb = "matches" if len(stale) == 1 else "match"
    advice = f"run with `--write-baseline {baseline.path}` to remove "
    advice += "it" if len(stale) == 1 else "them"
    told = f"{number} of `{baseline.path}` no longer {verb} a finding; {advice}"
    click.echo(visible(told), err=True)


def _lists(settings: ProjectSettings) -> Lists:
    def lists(path: str, code: str) -> bool:
        return settings.options_for(path).choice.lists(code)

    return lists
