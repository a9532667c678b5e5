"""`loracfg fix`: repair an adapter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.options import LocalPath, text_or_json, warn_of_preview

if TYPE_CHECKING:
    from loracfg.engine.fixing import FixResult, Step
    from loracfg.repair.draft import Draft
    from loracfg.settings.keys import Value


@with_settings
@click.command()
@click.argument("path", metavar="PATH")
@click.option(
    "--base",
    metavar="DIR|FILE|ID|URL",
    help="The base model, as for `validate`; needed to repair module names.",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@click.option(
    "--class", "class_name", metavar="NAME", help="Model class (default: the one in the config)."
)
@click.option(
    "--for",
    "runtimes",
    multiple=True,
    metavar="RUNTIME[==VERSION]",
    help="Rewrite what this engine ignores or rejects into a form it accepts, e.g. sglang.",
)
@click.option(
    "--dtype", type=click.Choice(["F32", "F16", "BF16"]), help="Convert the tensors to this dtype."
)
@click.option("--unsafe", is_flag=True, help="Also apply repairs that rest on an assumption.")
@click.option("--select", multiple=True, metavar="CODES", help="Only apply repairs of these rules.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Skip repairs of these rules.")
@click.option(
    "--output",
    type=LocalPath(path_type=Path),
    metavar="DIR",
    help="Write the repaired adapter to this new folder.",
)
@click.option("--diff", is_flag=True, help="Print the changes to the config and the header.")
@text_or_json("Output format.")
def fix(
    path: str,
    dtype: str | None,
    unsafe: bool,
    output: Path | None,
    diff: bool,
    format_name: str,
    **choices: Value,
) -> None:
    """Repair an adapter and validate the result.

    PATH is an adapter, as for `validate`, or a single weight file as written by kohya's scripts and
    diffusers. It is never changed: without --output, the repairs are only listed. From web servers
    and the Hub, only the config and the weights are copied.

    A repair is safe if the adapter then computes what was trained; all others need --unsafe.
    Nothing is repaired where there is more than one possible answer. Exit status: 1 if errors
    remain.

    \b
    Examples:
      loracfg fix adapter/ --base base/ --output fixed/
      loracfg fix adapter/ --base base/ --diff
      loracfg fix lora.safetensors --base base/ --output adapter/
      loracfg fix adapter/ --for sglang --dtype BF16 --output fixed/
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.migrating import warn_of_other_files
    from loracfg.cli.output import exit_status, stopping_cleanly, write
    from loracfg.engine.fixing import fix as run
    from loracfg.report.report import Tally

    options = project_settings(choices).options_for(path)
    warn_of_preview(options.select, "remove it")
    with run(path, options, unsafe=unsafe, dtype=dtype) as repaired:
        if format_name == "json":
            text = _json(repaired)
        else:
            text = _text(repaired, has_output=bool(output))
        if diff:
            write(_difference(repaired), None)
        click.echo(text, err=diff, nl=False)
        if output and repaired.steps:
            with stopping_cleanly():
                repaired.write(output)
            click.echo(f"wrote `{output}`", err=True)
            warn_of_other_files(repaired.source)
        elif output:
            click.echo(f"nothing was repaired, so `{output}` was not written", err=True)
    sys.exit(exit_status(Tally([repaired.after]), "error"))


def _text(repaired: FixResult, *, has_output: bool) -> str:
    from loracfg.report.render import render
    from loracfg.report.render.words import counted, visible
    from loracfg.report.report import Report

    made, offered = repaired.steps, repaired.offered
    lines = [f"{repaired.source.name}: {counted(len(made), 'repair')}"]
    lines += [line for step in made for line in _shown(step)]
    if offered:
        lines.append(f"{counted(len(offered), 'unsafe repair')} skipped; pass `--unsafe` to apply")
        lines += [line for step in offered for line in _shown(step)]
    if made and not has_output:
        lines.append("nothing written; pass `--output` to write the repaired adapter")
    text = "".join(f"{visible(line)}\n" for line in lines)
    left = tuple(d._replace(fix=None) for d in repaired.after.diagnostics)  # they are listed above
    return text + render(Report("", (repaired.after._replace(diagnostics=left),)), "concise")


def _shown(step: Step) -> list[str]:
    kind = "safe" if step.safe else "unsafe"
    return [f"  {step.code} {step.name}: {step.title}", f"    {kind}: {step.why}"]


def _json(repaired: FixResult) -> str:
    from loracfg.report.render.json_text import json_text

    data: dict[str, Any] = {
        "repairs": [step._asdict() for step in repaired.steps],
        "not_made": [step._asdict() for step in repaired.offered],
        "before": repaired.before.to_dict(),
        "after": repaired.after.to_dict(),
    }
    return json_text(data) + "\n"


def _difference(repaired: FixResult) -> str:
    """Return the changes to the config, and to the names, dtypes and shapes of the tensors."""
    from loracfg.adapter.directory import SAFETENSORS_NAME
    from loracfg.config import CONFIG_NAME
    from loracfg.document.text_diff import unified_diff
    from loracfg.repair.draft import Draft
    from loracfg.report.render.words import visible_diff

    source, draft = Draft(repaired.draft.files), repaired.draft
    parts = [
        unified_diff(show(source), show(draft), repaired.source.named(name))
        for name, show in ((CONFIG_NAME, _config), (SAFETENSORS_NAME, _header))
    ]
    return visible_diff("".join(parts))


def _config(draft: Draft) -> str:
    from loracfg.config import CONFIG_NAME

    if CONFIG_NAME not in draft.sizes():
        return ""
    with draft.open(CONFIG_NAME) as stream:
        return stream.read().decode("utf-8", errors="replace")


def _header(draft: Draft) -> str:
    from loracfg.adapter.directory import read_adapter

    tensors = read_adapter(draft).tensors.values()
    return "".join(f"{t.name} {t.dtype} {list(t.shape)}\n" for t in tensors)
