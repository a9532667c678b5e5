"""The reference of commands, from what click knows about them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Final

import click
from config_page import cell

from loracfg.cli import loracfg

_AS_IT_IS: Final = "\b"
"""What a paragraph of help begins with if its lines are not to be filled."""
_EVERYWHERE: Final = ("debug",)
"""Options that every command has."""
_DEFAULT: Final = re.compile(r"\s*\[default: (.*?)\]")
"""A default in the words of a help text."""


def command_page() -> str:
    """Return the reference of all commands, with their options and exit statuses."""
    top = click.Context(loracfg, info_name="loracfg")
    parts = [
        "# Commands",
        "`loracfg COMMAND --help` prints the same in the terminal. Every command also has "
        "`--debug` (or `LORACFG_DEBUG=1`), which prints the traceback if loracfg itself fails.",
        "\n".join(_index(top)),
        "## Exit statuses",
        "| Status | Meaning |\n|---|---|\n"
        "| 0 | no findings at or above `--fail-on`; with `--strict`, nothing is undetermined |\n"
        "| 1 | findings |\n"
        "| 2 | usage error, unreadable input, or loracfg itself failed |",
    ]
    for command, context in _commands(top):
        parts += _section(command, context)
    return "\n\n".join(parts) + "\n"


def _commands(context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield all commands below a group, each group before its own."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        below = click.Context(command, info_name=name, parent=context)
        yield command, below
        yield from _commands(below)


def _index(top: click.Context) -> Iterator[str]:
    yield "| Command | What it does |"
    yield "|---|---|"
    for command, context in _commands(top):
        title = context.command_path
        anchor = title.replace(" ", "-")
        first = _paragraphs(command.help)[0] if command.help else ""
        yield f"| [`{title}`](#{anchor}) | {cell(_filled(first))} |"


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    level = "#" * (1 + context.command_path.count(" "))
    yield f"{level} {context.command_path}"
    yield f"```text\n{' '.join(command.get_usage(context).split()).removeprefix('Usage: ')}\n```"
    for text in (command.help, command.epilog):
        yield from map(_shown, _paragraphs(text))
    options = (one for one in command.params if isinstance(one, click.Option))
    if rows := [_row(one, context) for one in options if one.name not in _EVERYWHERE]:
        yield "\n".join(("| Option | Meaning | Default |", "|---|---|---|", *filter(None, rows)))


def _paragraphs(text: str | None) -> list[str]:
    return [one for one in inspect.cleandoc(text or "").split("\n\n") if one.strip()]


def _shown(paragraph: str) -> str:
    """Return a paragraph of help as Markdown."""
    if not paragraph.startswith(_AS_IT_IS):
        return _with_code(_filled(paragraph))
    lines = paragraph.removeprefix(_AS_IT_IS).lstrip("\n").split("\n")
    title, rest = lines[0], lines[1:]
    if not rest or not title.endswith(":"):
        return "```text\n" + "\n".join(lines) + "\n```"
    kind = "sh" if title == "Examples:" else "text"
    return f"{title}\n\n```{kind}\n{inspect.cleandoc(chr(10).join(rest))}\n```"


def _filled(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _with_code(text: str) -> str:
    """Mark options outside spans of code as code, and escape what is syntax of Markdown."""
    parts = re.split(r"(`[^`]*`)", text)
    for at in range(0, len(parts), 2):
        marked = re.sub(r"(?<![\w-])(--?[a-z][\w-]*)", r"`\1`", parts[at])
        parts[at] = re.sub(r"([*\[\]<])", r"\\\1", marked)
    return "".join(parts)


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    if record is None:
        return ""
    extra = option.get_help_extra(context)
    text, words = _DEFAULT.sub("", option.help or ""), _DEFAULT.search(option.help or "")
    default = f"`{extra['default']}`" if "default" in extra else words[1] if words else ""
    bounds = f"`{extra['range']}`" if "range" in extra else ""
    last = "required" if extra.get("required") else ", ".join(filter(None, (default, bounds)))
    return f"| `{cell(record[0])}` | {cell(_with_code(_filled(text)))} | {cell(last)} |"
