"""`loracfg audit`: judge fleets of adapters into Parquet files."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from loracfg.cli.audit_report import diff, report
from loracfg.cli.choices import with_settings
from loracfg.cli.options import LocalPath, complete_files, finite, number_of_jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from loracfg.audit.audit import AuditRequest, AuditResult
    from loracfg.audit.engines import EngineName
    from loracfg.audit.progress import Progress
    from loracfg.engine.options import Options
    from loracfg.settings.keys import Value
    from loracfg.settings.project import ProjectSettings
    from loracfg.sources.address import Address

_RUN: Final = "run"
_ON_TERMINAL: Final = 1.0
_IN_LOG: Final = 30.0
"""The seconds between two lines of progress."""
_SLOWEST: Final = 1e-3
"""The fewest requests per second that can be asked for."""
_METRICS_SECONDS: Final = 15.0
_CONTINUE: Final = "run the same command again to continue"


class _WithDefault(click.Group):
    """A group whose command `run` need not be named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` before arguments that begin with no command."""
        is_help = bool(args) and args[0] in ctx.help_option_names
        if args and args[0] not in self.commands and not is_help:
            args = [_RUN, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_WithDefault, subcommand_metavar="[run] SOURCE... | COMMAND")
def audit() -> None:
    """Judge fleets of adapters, and ask questions about the results.

    \b
    Examples:
      loracfg audit adapters/ --output fleet
      loracfg audit 'hf://models?filter=peft&author=org' --output fleet
      loracfg audit s3://bucket/adapters --base s3://bucket/base --output fleet
      cat ids.txt | loracfg audit - --online --output fleet
    """  # noqa: D301  # \b is the character by which click keeps lines


audit.add_command(report)
audit.add_command(diff)


@with_settings
@audit.command(_RUN)
@click.argument("sources", nargs=-1, required=True, shell_complete=complete_files)
@click.option(
    "--output",
    type=LocalPath(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Write the results to this folder. A run that was stopped continues.",
)
@click.option(
    "--base",
    metavar="DIR|FILE|ID|URL",
    help="The base model of all adapters (default: the one that each names).",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read adapters and bases that are named by ids from the Hub if they are not in the cache.",
)
@click.option("--class", "class_name", metavar="NAME", help="Model class.")
@click.option("--peft", metavar="VERSION", help="Also check that this PEFT release loads them.")
@click.option(
    "--for",
    "runtimes",
    multiple=True,
    metavar="RUNTIME[==VERSION]",
    help="Also check that this engine loads them and computes the same.",
)
@click.option("--select", multiple=True, metavar="CODES", help="Only report these rules.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not report these rules.")
@click.option("--preview", is_flag=True, help="Also run rules that are in preview.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Leave out folders with this name or path in searches.",
)
@click.option(
    "--jobs",
    "-j",
    metavar="N|auto",
    callback=number_of_jobs,
    default="auto",
    show_default=True,
    help="Number of processes that judge, or of Ray workers at most; 0 or auto for one per core.",
)
@click.option(
    "--connections",
    type=click.IntRange(1, 256),
    default=16,
    show_default=True,
    help="Requests to a host at a time.",
)
@click.option(
    "--rate",
    type=click.FloatRange(_SLOWEST),
    callback=finite,
    metavar="N",
    help="Requests to a host per second (default: as many as it allows).",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What runs it: this machine, or the cluster of RAY_ADDRESS (the extra `ray`).",
)
@click.option("--again", is_flag=True, help="Judge everything again, also what has not changed.")
@click.option(
    "--record-unreachable",
    "records_unreachable",
    is_flag=True,
    help="Write a row for what a host does not answer for, instead of leaving it for the next try.",
)
@click.option(
    "--metrics",
    type=LocalPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write metrics to this file, for Prometheus' textfile collector.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print no progress.")
def run(
    sources: tuple[str, ...],
    output: Path,
    jobs: int,
    connections: int,
    rate: float | None,
    engine: EngineName,
    again: bool,
    records_unreachable: bool,
    metrics: Path | None,
    quiet: bool,
    **choices: Value,
) -> None:
    """Judge all adapters at SOURCES; `loracfg audit SOURCE...` is short for it.

    SOURCE is a folder to search, an archive, an object-store prefix (s3://, gs:// and others), a
    URL, an id with --online, a list of these (- for lines on standard input, or a file that ends
    in .txt, .csv or .parquet), or a query of the Hub (hf://models?filter=peft&author=org).

    DIR gets Parquet files with one row an adapter; docs/audit.md describes the columns. What has
    not changed since the last run in DIR is not judged again.

    Exit status: 0 if everything has a row, whatever was found; 2 if something is left; run the
    same command again to continue.
    """
    from loracfg.audit.audit import AuditRequest
    from loracfg.audit.reading.limiter import ReadLimits
    from loracfg.cli.choices import project_settings

    settings = project_settings(choices)
    request = AuditRequest(
        sources,
        output,
        _options_for(settings),
        settings.search(()).exclude,
        ReadLimits(connections, rate),
        jobs,
        uses_known=not again,
        records_unreachable=records_unreachable,
        engine=engine,
    )
    result = _audited(request, metrics, quiet=quiet)
    sys.exit(0 if result.is_finished else 2)


def _options_for(settings: ProjectSettings) -> Callable[[Address | None], Options]:
    """Return a function that returns the options for an address, which never read values."""
    options = settings.options_for()._replace(data=False)
    if settings.file is None or not settings.file.tables:
        return lambda _: options
    return lambda address: settings.options_for(address)._replace(data=False)


def _audited(request: AuditRequest, metrics: Path | None, *, quiet: bool) -> AuditResult:
    from loracfg.audit.audit import audit as run_audit
    from loracfg.audit.metrics import check_metrics, write_metrics
    from loracfg.errors import LoracfgError

    if metrics is not None:
        check_metrics(metrics)
    watch = _Watch(metrics, is_quiet=quiet)
    result = run_audit(request, watch.tick)
    watch.end(result.progress)
    if metrics is not None:
        write_metrics(metrics, result.progress, result.requests, is_finished=result.is_finished)
    if result.error is not None:
        raise result.error
    if not result.is_finished:
        count = result.progress.postponed
        what = f"{count} adapters were not read: their hosts do not answer"
        raise LoracfgError(what, f"{_CONTINUE}, or pass `--record-unreachable`")
    return result


class _Watch:
    """Prints progress on standard error, and writes metrics."""

    def __init__(self, metrics: Path | None, *, is_quiet: bool) -> None:
        self._metrics = metrics
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._is_quiet = is_quiet or sys.stderr is None
        self._pause = _ON_TERMINAL if self._is_terminal else _IN_LOG
        self._printed = self._written = time.monotonic()

    def tick(self, progress: Progress, requests: int) -> None:
        """Print and write if it is time."""
        now = time.monotonic()
        if not self._is_quiet and now - self._printed >= self._pause:
            self._printed = now
            self._print(progress)
        if self._metrics is not None and now - self._written >= _METRICS_SECONDS:
            from loracfg.audit.metrics import write_metrics

            self._written = now
            write_metrics(self._metrics, progress, requests, is_finished=False)

    def end(self, progress: Progress) -> None:
        """Print the last line."""
        if not self._is_quiet:
            self._print(progress)
            if self._is_terminal:
                click.echo(err=True)

    def _print(self, progress: Progress) -> None:
        line = progress.line()
        click.echo(
            f"\r\033[K{line}" if self._is_terminal else line, err=True, nl=not self._is_terminal
        )
