"""`loracfg validate`: check adapters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.options import LocalPath, complete_files, number_of_jobs
from loracfg.errors import LoracfgError
from loracfg.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.cli.validation import Validation
    from loracfg.engine.many import AdapterSearch
    from loracfg.settings.keys import Value
    from loracfg.settings.project import ProjectSettings

_NO_TRACE = "remove `--trace` or `--server`"
_EITHER = "remove `--data` or `--server`"
_NO_BASELINE = "leave out one of them (`--isolated` ignores `loracfg.toml`)"
_NO_POLICY = "remove `--server`, or pass `--isolated`"
_WIDTH = max(map(len, FORMATS)) + 2
_FORMATS_HELP = "\b\nFormats:\n" + "\n".join(
    f"  {one.name:{_WIDTH}}{one.help}" for one in FORMATS.values()
)


@with_settings
@click.command(epilog=_FORMATS_HELP)
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=complete_files)
@click.option(
    "--base",
    shell_complete=complete_files,
    metavar="DIR|FILE|ID|URL",
    help="The base model: a folder, its config.json, a file from `base trace`, an id (ID@REVISION) "
    "in the local cache, or a URL.",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@click.option(
    "--server",
    metavar="URL",
    help="Validate on a loracfg server. Configs, headers and tokenizer files are uploaded, weights "
    "are not. Set LORACFG_TOKEN to authenticate.",
)
@click.option(
    "--class",
    "class_name",
    metavar="NAME",
    help="Model class (default: the one in the config).",
)
@click.option("--peft", metavar="VERSION", help="Also check that this PEFT release loads it.")
@click.option(
    "--for",
    "runtimes",
    multiple=True,
    metavar="RUNTIME[==VERSION]",
    help="Also check that this engine loads it and computes the same, e.g. "
    "vllm==0.33,max_lora_rank=64.",
)
@click.option("--data", is_flag=True, help="Also check the tensor values (needs numpy).")
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Only report these rules (codes, prefixes or names).",
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not report these rules.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="Lowest severity that exits with status 1.",
)
@click.option(
    "--strict", is_flag=True, help="Also exit with status 1 if something is undetermined."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Leave out folders with this name or path in searches, e.g. old or runs/*/tmp.",
)
@click.option(
    "--jobs",
    "-j",
    metavar="N|auto",
    callback=number_of_jobs,
    default="1",
    show_default=True,
    help="Number of processes; 0 or auto for one per core.",
)
@click.option("--quiet", "-q", is_flag=True, help="Only print findings.")
@click.option("--statistics", is_flag=True, help="Only print how often each rule found something.")
@click.option("--exit-zero", is_flag=True, help="Exit with status 0 even if there are findings.")
@click.option("--preview", is_flag=True, help="Also run rules that are in preview.")
@click.option(
    "--trace",
    "traced",
    multiple=True,
    metavar="TENSOR|CODE",
    help="Show which rule explains this tensor, or why this rule found nothing.",
)
@click.option(
    "--baseline",
    type=LocalPath(),
    metavar="FILE",
    help="Accept the findings in this file, from `--write-baseline`.",
)
@click.option(
    "--write-baseline",
    "new_baseline",
    type=LocalPath(path_type=Path),
    metavar="FILE",
    help="Write all findings to this file, and accept them.",
)
@click.option(
    "--output",
    type=LocalPath(path_type=Path),
    metavar="FILE",
    help="Write the report to this file.",
)
def validate(
    paths: tuple[str, ...],
    server: str | None,
    format_name: str,
    jobs: int,
    quiet: bool,
    statistics: bool,
    exit_zero: bool,
    traced: tuple[str, ...],
    output: Path | None,
    new_baseline: Path | None,
    **choices: Value,
) -> None:
    """Check that adapters fit their base model.

    Checks the config, tensor names and shapes; tensor values are only read with --data.

    PATH is an adapter directory, a directory to search for adapters (default: the current one), a
    zip or tar archive of adapters, a single .safetensors file, or - for a config or an archive on
    standard input. A URL (hf://, https://, s3:// and others) or, with --online, an id on the
    Hugging Face Hub names any of these on another machine. The path of adapter_config.json or
    adapter_model.* means its directory. CODES are rule codes, code
    prefixes or rule names, separated by commas. Without --base, the base named in the adapter's
    config is used if it is a local folder or in the local Hugging Face cache.

    \b
    Examples:
      loracfg validate adapter/ --base base/
      loracfg validate adapter/ --base meta-llama/Meta-Llama-3-8B --online
      loracfg validate hf://org/name
      loracfg validate adapters/ -j auto --format github
      loracfg validate adapter/ --server https://loracfg.example.org
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.listing import Listing
    from loracfg.cli.output import exit_status

    settings = project_settings(choices)
    listing = Listing(format_name, output, quiet, statistics)
    listing.check()
    baseline = None
    if accepted := new_baseline or settings.baseline:
        from loracfg.cli.baselines import open_baseline

        baseline = open_baseline(accepted, is_new=bool(new_baseline))
    search = settings.search(paths or (".",))
    validation: Validation
    if server is None:
        validation = _validate_here(search, settings, jobs)
    elif baseline is None:
        validation = _validate_remotely(search, settings, server, traced)
    else:
        raise LoracfgError("baselines do not work with `--server`", _NO_BASELINE)
    if baseline is not None:
        from loracfg.cli.baselines import accepting

        validation, baseline = accepting(validation, baseline, settings, new_baseline)
    traces = _traces(search, traced, settings) if traced else ()
    tally = listing.print(validation)
    if baseline is not None:
        from loracfg.cli.baselines import tell_stale

        tell_stale(baseline, settings)
    for line in traces:
        click.echo(line, err=not listing.is_shown)
    status = exit_status(tally, settings.fail_on, strict=settings.strict)
    sys.exit(0 if exit_zero and status == 1 else status)


def _validate_here(search: AdapterSearch, settings: ProjectSettings, jobs: int) -> Validation:
    from loracfg.cli.options import warn_of_preview
    from loracfg.cli.validation import LocalValidation

    options = settings.options_for()
    if not options.preview:
        warn_of_preview(options.select, "pass `--preview`")
    return LocalValidation(search, settings, jobs)


def _traces(
    search: AdapterSearch, traced: tuple[str, ...], settings: ProjectSettings
) -> Iterator[str]:
    """Return the lines of the trace, made one by one as they are read."""
    from loracfg.engine.tracing import resolve_names, trace
    from loracfg.report.render.words import visible

    asked = resolve_names(traced)
    return (
        f"trace of {about} in {visible(name)}: {sentence}"
        for address in search.addresses()
        for name, about, sentence in trace(address, asked, settings.engine_for(address))
    )


def _validate_remotely(
    search: AdapterSearch, settings: ProjectSettings, server: str, traced: tuple[str, ...]
) -> Validation:
    from loracfg.cli.remote import validate_remotely
    from loracfg.cli.validation import FinishedValidation

    if traced:
        raise LoracfgError("`--trace` cannot follow rules that run on a server", _NO_TRACE)
    options = settings.options_for()
    if options.data:
        raise LoracfgError("`--data` reads the weights, which are not uploaded", _EITHER)
    if options.policy:
        raise LoracfgError("a server does not check the policy of a project", _NO_POLICY)
    report = validate_remotely(search.addresses(), server, settings.options_for)
    return FinishedValidation(report)
