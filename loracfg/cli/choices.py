"""The options of a command, joined with variables and the project's file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from loracfg.cli.options import LocalPath, empty_value

if TYPE_CHECKING:
    from loracfg.settings.chosen import Chosen
    from loracfg.settings.keys import Value
    from loracfg.settings.project import ProjectSettings

_FILE: Final = "loracfg.cli.config"
_ISOLATED: Final = "loracfg.cli.isolated"
KEYS: Final = {
    "select": "select",
    "ignore": "ignore",
    "base": "base",
    "class_name": "class",
    "peft": "peft",
    "runtimes": "for",
    "online": "online",
    "data": "data",
    "preview": "preview",
    "fail_on": "fail-on",
    "strict": "strict",
    "exclude": "exclude",
    "baseline": "baseline",
}
"""The parameters of commands that a project's file can set, with their keys."""
_PREFIX: Final = "LORACFG_"
_CODES: Final = ("select", "ignore")
_FLAGS: Final = frozenset({"online", "data", "preview", "strict"})
"""Flags that a file can set, so that a command needs a way to unset them."""


def with_settings(command: click.Command) -> click.Command:
    """Add the options that choose the project's file, and those that override its flags."""
    for param in command.params:
        if isinstance(param, click.Option) and param.name in _FLAGS:
            param.secondary_opts.append(f"--no-{param.name}")
    file = click.Option(
        ["--config"],
        type=LocalPath(path_type=Path),
        metavar="FILE",
        expose_value=False,
        callback=_keep(_FILE),
        help="Read settings from this file instead of the nearest loracfg.toml or pyproject.toml.",
    )
    isolated = click.Option(
        ["--isolated"],
        is_flag=True,
        expose_value=False,
        callback=_keep(_ISOLATED),
        help="Ignore loracfg.toml and pyproject.toml.",
    )
    command.params += [file, isolated]
    return command


def _keep(name: str) -> Callable[[click.Context, click.Parameter, object], None]:
    def keep(context: click.Context, _: click.Parameter, value: object) -> None:
        context.meta[name] = value

    return keep


def project_settings(given: Mapping[str, Value]) -> ProjectSettings:
    """Return the settings for the command that is running, from the values of its options.

    Raises:
        LoracfgError: the file, a variable or an option is wrong.
    """
    from loracfg.settings.project import ProjectSettings

    context, set_here = click.get_current_context(), _variables()
    named, isolated = _named_file(context, set_here)
    path = named or (None if isolated else _found_file())
    file, with_adapter = None, False
    if path is not None:
        from loracfg.settings.find import came_along
        from loracfg.settings.reading import read_file

        file, with_adapter = read_file(path), named is None and came_along(path)
    chosen = _from_variables(set_here) if set_here else {}
    return ProjectSettings(file, chosen | _from_options(context, given), with_adapter)


def _from_variables(set_here: Mapping[str, str]) -> dict[str, Chosen]:
    from loracfg.settings.variables import chosen_by, unknown_variables

    for name, meant in unknown_variables(set_here):
        click.echo(f"loracfg: `{name}` has no effect; did you mean `{meant}`?", err=True)
    return chosen_by(set_here)


def chosen_file() -> tuple[Path | None, bool]:
    """Return the file that the running command is told to read, and whether it may read none.

    Raises:
        LoracfgError: it is told both, or a variable is wrong.
    """
    return _named_file(click.get_current_context(), _variables())


def chosen_by_variables() -> dict[str, Chosen]:
    """Return the values that variables choose.

    Raises:
        LoracfgError: a variable has a wrong value.
    """
    set_here = _variables()
    return _from_variables(set_here) if set_here else {}


def _variables() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name.startswith(_PREFIX)}


def _found_file() -> Path | None:
    from loracfg.settings.find import find_file

    try:
        return find_file(Path.cwd())
    except FileNotFoundError:  # the current directory is gone
        return None


def _named_file(context: click.Context, set_here: Mapping[str, str]) -> tuple[Path | None, bool]:
    from loracfg.errors import LoracfgError

    given, isolated = context.meta.get(_FILE), context.meta.get(_ISOLATED)
    if given and isolated:
        raise LoracfgError("`--config` and `--isolated` cannot be combined", "remove one of them")
    if set_here and not given:
        from loracfg.settings.variables import CONFIG, ISOLATED, is_set

        isolated, given = isolated or is_set(ISOLATED, set_here), set_here.get(CONFIG)
    return (Path(given), False) if given and not isolated else (None, bool(isolated))


def _from_options(context: click.Context, given: Mapping[str, Value]) -> dict[str, Chosen]:
    from loracfg.settings.chosen import Chosen, Origin

    found = {}
    for name, value in given.items():
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            key = KEYS[name]
            if value == "":
                raise empty_value(f"--{key}")
            option = f"--no-{key}" if value is False else f"--{key}"
            found[key] = Chosen(_split(name, value), (Origin("option", option),))
    return found


def _split(name: str, value: Value) -> Value:
    from loracfg.cli.options import split_codes

    return split_codes(value) if name in _CODES and isinstance(value, tuple) else value
