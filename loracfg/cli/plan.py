"""`loracfg plan`: what training a config will do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from loracfg.cli.choices import with_settings
from loracfg.cli.field_command import FieldCommand
from loracfg.cli.options import LocalPath, complete_files
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from loracfg.document.json_value import Json
    from loracfg.settings.keys import Value
    from loracfg.settings.project import ProjectSettings
    from loracfg.training.training_plan import TrainingPlan

_DTYPES: Final = ("float32", "float16", "bfloat16", "float64")
_OPTIMIZERS: Final = (
    *("adamw", "adamw_8bit", "adafactor", "sgd"),
    *("rmsprop", "adagrad", "lion_8bit"),
)
_QUANTIZATIONS: Final = ("none", "8bit", "4bit")
_EITHER: Final = "leave out one of them"


@with_settings
@click.command(cls=FieldCommand)
@click.argument("source", required=False, shell_complete=complete_files)
@click.option(
    "--base",
    shell_complete=complete_files,
    metavar="DIR|FILE|ID|URL",
    help="The base model, as for `validate`.",
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
    help="Also check that this engine will load the result, e.g. vllm==0.33,max_lora_rank=64.",
)
@click.option("--peft", metavar="VERSION", help="Also check that this PEFT release will load it.")
@click.option(
    "--dtype",
    type=click.Choice(_DTYPES),
    help="The dtype in which the base is loaded (default: the one in its config).",
)
@click.option(
    "--optimizer",
    type=click.Choice(_OPTIMIZERS),
    default="adamw",
    show_default=True,
    help="The optimizer, for the memory.",
)
@click.option(
    "--quantization",
    type=click.Choice(_QUANTIZATIONS),
    default="none",
    show_default=True,
    help="How bitsandbytes quantises the base, for the memory.",
)
@click.option("--suggest", is_flag=True, help="Also show what could be targeted in this base.")
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
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Output format; html is a page with a picture of the layers and modules.",
)
@click.option(
    "--output", type=LocalPath(path_type=Path), metavar="FILE", help="Write to this file."
)
def plan(
    source: str | None,
    dtype: str | None,
    optimizer: str,
    quantization: str,
    suggest: bool,
    format_name: str,
    output: Path | None,
    **choices: Value,
) -> None:
    """Show what training a config will do, before it starts.

    Which modules are adapted, how many parameters are trained, how large the file and the memory
    will be, what will load it, and which names match nothing in the base, which is an error here.

    SOURCE is an adapter_config.json, a folder that has one, a trainer's file, or - for a config on
    standard input. Options that are named like the fields of LoraConfig replace it: lists are
    separated by commas, and `--target-modules '?'` lists what can be targeted.

    \b
    Examples:
      loracfg plan adapter_config.json --base base/
      loracfg plan --base base/ --r 16 --target-modules q_proj,v_proj
      loracfg plan --base base/ --target-modules '?'
      loracfg plan adapter/ --base base/ --quantization 4bit --suggest
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.config_options import asks_for_targets, given_values
    from loracfg.cli.output import exit_status, wants_color, write
    from loracfg.report.report import Tally

    values = given_values(choices)
    settings = project_settings(choices)
    color = output is None and wants_color()
    if asks_for_targets(values):
        write(_targets(settings, format_name, color=color), output)
        return
    if source is not None and values:
        names = ", ".join(f"`--{name.replace('_', '-')}`" for name in values)
        raise LoracfgError(f"`{source}` and {names} are both given", _EITHER)
    if source is None and not values:
        message = "there is no config"
        raise LoracfgError(message, "pass a file or folder, or options such as `--r 16`")
    training = (dtype, optimizer, quantization)
    found = _planned(source, values, settings, training, suggest=suggest)
    write(_shown(found, format_name, color=color), output)
    sys.exit(exit_status(Tally([found.report]), settings.fail_on, strict=settings.strict))


def _planned(
    source: str | None,
    values: dict[str, Json],
    settings: ProjectSettings,
    training: tuple[str | None, str, str],
    *,
    suggest: bool,
) -> TrainingPlan:
    from loracfg.engine.fronts import engine_for
    from loracfg.training.planned import Training, plan_source
    from loracfg.training.source_reading import read_source, source_of_options

    engine = engine_for(settings.options_for(source) if source else settings.options_for())
    how = Training.checked(*training)
    if source is None:
        return plan_source(source_of_options(values), engine, how, suggest=suggest)
    config, files = read_source(source, online=engine.options.online)
    return plan_source(config, engine, how, files, suggest=suggest)


def _targets(settings: ProjectSettings, format_name: str, *, color: bool) -> str:
    from loracfg.engine.fronts import engine_for
    from loracfg.training.targets_text import shown_targets

    return shown_targets(engine_for(settings.options_for()), format_name, color=color)


def _shown(found: TrainingPlan, format_name: str, *, color: bool) -> str:
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        return json_text(found.to_dict()) + "\n"
    if format_name == "html":
        from loracfg.training.plan_page import render as render_page

        return render_page(found)
    from loracfg.training.plan_text import render

    return render(found, color=color)
