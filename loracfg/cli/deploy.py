"""`loracfg deploy`: the smallest settings of a server for a set of adapters."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from loracfg.cli.choices import with_settings

if TYPE_CHECKING:
    from loracfg.serving.deployment.deployment import Deployment
    from loracfg.serving.deployment.server_memory import Dtype
    from loracfg.settings.keys import Value


@with_settings
@click.command()
@click.argument("paths", metavar="ADAPTER...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--base", metavar="DIR|FILE|ID|URL", help="The base model that the server has (required)."
)
@click.option(
    "--for",
    "runtime",
    required=True,
    metavar="RUNTIME[==VERSION][,SETTING=VALUE]",
    help="The engine, e.g. vllm==0.33,max_loras=4; settings given here are kept.",
)
@click.option(
    "--tensor-parallel-size",
    "devices",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="How many devices share each layer.",
)
@click.option(
    "--dtype",
    type=click.Choice(["auto", "float16", "bfloat16", "float32"]),
    default="auto",
    show_default=True,
    help="The dtype that the server gives the base.",
)
@click.option(
    "--online",
    is_flag=True,
    help="Read what is named by an id from the Hub if it is not in the cache.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "command", "env", "kubernetes"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def deploy(
    paths: tuple[str, ...],
    runtime: str,
    devices: int,
    dtype: Dtype,
    format_name: str,
    **choices: Value,
) -> None:
    """Plan a server for a set of adapters.

    Prints the smallest settings that serve all adapters, the memory of their buffers, the adapters
    that cannot share a server, and the most expensive one. Exit status: 0 if all can share it, 1 if
    some cannot, 2 if one cannot be read.

    \b
    Examples:
      loracfg deploy adapters/* --base base/ --for vllm==0.33
      loracfg deploy a/ b/ --base base/ --for vllm,max_loras=1 --format env
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.output import write
    from loracfg.serving.deployment.adapter_set import deploy as run
    from loracfg.serving.deployment.server_memory import Hardware

    options = project_settings(choices).options_for(paths[0])
    plan = run(paths, runtime, options, Hardware(devices, dtype))
    write(_rendered(plan, format_name), None)
    sys.exit(1 if plan.apart else 0)


def _rendered(plan: Deployment, format_name: str) -> str:
    """Return a plan in a format.

    Raises:
        LoracfgError: the engine has no such format, or no adapter can be served.
    """
    from loracfg.errors import LoracfgError
    from loracfg.serving.deployment import command_forms, deployment_text

    if format_name == "text":
        return deployment_text.text_of(plan)
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        return json_text(deployment_text.data_of(plan)) + "\n"
    if not plan.shared:
        why = "; ".join(plan.apart[0].reasons)
        raise LoracfgError(f"no adapter can be served: {why}", "use `--format text` to see all")
    if format_name == "command":
        return command_forms.command_of(plan) + "\n"
    found = command_forms.variable_of(plan) if format_name == "env" else None
    if format_name == "kubernetes" and (values := command_forms.values_of(plan)):
        return command_forms.yaml_of(values)
    if found is None:
        title = plan.runtime.profile.title
        raise LoracfgError(f"there is no format `{format_name}` for {title}", "use `command`")
    return found + "\n"
