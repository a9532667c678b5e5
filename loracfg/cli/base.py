"""`loracfg base`: show base models, and trace them into files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from loracfg.cli.options import LocalPath, text_or_json

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.base.finding.base_folder import BaseFiles
    from loracfg.base.from_library.remote_code import CodeLocation


_FOR_ONE: Final = (
    "with torch installed, pass an `--output` that ends in `.json` to trace this config alone"
)


@click.group()
def base() -> None:
    """Show the modules of base models and what can be adapted, or trace those of your own."""


@base.command()
@click.argument("model_type", metavar="TYPE")
@click.option("--class", "class_name", metavar="NAME", help="Only show this class.")
@click.option(
    "--config",
    metavar="FILE",
    help="Show the modules and their sizes for this config.json.",
)
def show(model_type: str, class_name: str | None, config: str | None) -> None:
    """Show the modules of a model type, and what its config computes.

    TYPE is the model_type of a config.json, or a diffusers class. Sizes are expressions over the
    config, or numbers with --config. Without --config, TYPE may also be a type that only the
    installed transformers has. docs/facts.md describes the output.

    \b
    Examples:
      loracfg base show llama
      loracfg base show llama --class LlamaForCausalLM
      loracfg base show llama --config base/config.json
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.base.catalogue.showing import facts, find, sizes
    from loracfg.cli.output import write
    from loracfg.errors import LoracfgError

    try:
        known = find(model_type)
    except LoracfgError:
        from loracfg.base.from_library import followed as from_library

        text = from_library.facts(model_type, class_name) if config is None else None
        if text is None:
            raise
        write(text, None)
        return
    if config is None:
        write(facts(known, class_name), None)
    else:
        values = _files(config, online=False).config or {}
        write(sizes(known, values, class_name), None)


@base.command()
@click.argument("model")
@click.option("--class", "class_name", metavar="NAME", help="Model class (default: the config's).")
@click.option(
    "--trust-remote-code",
    is_flag=True,
    help="Run the code in the model repository. It can do anything that you can.",
)
@click.option(
    "--online", is_flag=True, help="Download the files of MODEL that are not in the cache."
)
@click.option(
    "--output",
    type=LocalPath(path_type=Path),
    metavar="FILE",
    help="Write the modules to this file.",
)
def trace(
    model: str,
    class_name: str | None,
    trust_remote_code: bool,
    online: bool,
    output: Path | None,
) -> None:
    """Write a model's modules to a file that serves as a base without its code.

    MODEL is a folder, its config.json, or an id (ID@REVISION) in the local cache.

    If FILE ends in .facts, the model's own code is traced without torch. The file has sizes as
    expressions over the config and works for every config of the architecture. If FILE ends in
    .json, it has the modules of one class for this config; building them needs torch, but no
    weights.

    \b
    Examples:
      loracfg base trace org/name --trust-remote-code --output name.facts
      loracfg base trace base/ --output base.architecture.json
      loracfg validate adapter/ --base name.architecture.json
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.base.finding.base_folder import FACTS
    from loracfg.base.from_library.remote_code import build, own_classes, repository_of
    from loracfg.cli.output import write

    files = _files(model, online=online)
    config = files.config or {}
    repository = repository_of(model, files, online=online) if trust_remote_code else None
    if output is not None and output.suffix == FACTS:
        write(_facts(config, class_name, repository), output)
        return
    tree = build(config, class_name, repository)
    write(_text(tree), output)
    if own_classes(config) and not trust_remote_code:
        click.echo(
            "the model has its own code, which was not run; these are the modules of "
            f"`{tree.class_name}` in transformers",
            err=True,
        )


@base.command()
@click.argument("model", metavar="BASE")
@click.option("--class", "class_name", metavar="NAME", help="Model class (default: the config's).")
@click.option(
    "--online", is_flag=True, help="Read an id from the Hub if it is not in the local cache."
)
@text_or_json("Output format.")
def targets(model: str, class_name: str | None, online: bool, format_name: str) -> None:
    """List what the config of an adapter can name in a base model.

    BASE is a folder, its config.json, a file from `base trace`, an id (ID@REVISION) in the local
    cache, or a URL.

    \b
    Examples:
      loracfg base targets base/
      loracfg base targets org/name --format json
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.output import wants_color, write
    from loracfg.engine.fronts import engine_for
    from loracfg.training.targets_text import shown_targets

    engine = engine_for(base=model, class_name=class_name, online=online)
    write(shown_targets(engine, format_name, color=wants_color()), None)


def _facts(config: dict[str, Any], class_name: str | None, repository: CodeLocation | None) -> str:
    """Return the facts of an architecture, if they include the class that is wanted."""
    from loracfg.base.class_builder import CannotBuildError
    from loracfg.base.from_library import own_facts
    from loracfg.base.from_library.remote_code import code_of

    text = own_facts.derive(config, code_of(config, repository))
    try:
        own_facts.build(text, config, class_name)
    except CannotBuildError as error:
        raise CannotBuildError(error.message, error.help or _FOR_ONE) from error
    return text


def _files(model: str, *, online: bool) -> BaseFiles:
    from loracfg.base.finding.hub import find_base
    from loracfg.errors import LoracfgError

    files, faults = find_base(model, online=online)
    if files is not None and files.architecture:
        raise LoracfgError(f"`{model}` is already an architecture file", "pass the model itself")
    if files is None or files.config is None:
        fault = faults[0]
        raise LoracfgError(fault.message, fault.help.replace(" to `--base`", ""))
    return files


def _text(tree: Architecture) -> str:
    """Return the text of the file, after checking that it reads back unchanged."""
    from dataclasses import replace

    from loracfg.base.architecture_file import read_architecture, write_architecture
    from loracfg.base.from_library.remote_code import libraries
    from loracfg.errors import LoracfgError

    text = write_architecture(tree, libraries(tree))
    again, faults = read_architecture(text.encode(), "")
    if again != replace(tree, renames=(), source="transformers"):
        why = faults[0].message if faults else "it reads back as a different tree"
        raise LoracfgError(f"the tree of `{tree.class_name}` cannot be written: {why}")
    return text
