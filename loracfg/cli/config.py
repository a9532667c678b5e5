"""`loracfg config`: which settings hold for an adapter, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from loracfg.cli.choices import KEYS
from loracfg.cli.options import text_or_json
from loracfg.cli.validate import validate
from loracfg.urls import visible_url

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject
    from loracfg.settings.chosen import Chosen, Origin
    from loracfg.settings.keys import Value
    from loracfg.settings.project import ProjectSettings


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@text_or_json("Output format.")
def config(paths: tuple[str, ...], format_name: str, **choices: Value) -> None:
    """Show which settings hold, and where each comes from.

    Takes the options of `validate`, which override LORACFG_* variables, which override
    loracfg.toml. Without PATH, shows the settings for adapters that no pattern in [paths] matches.

    \b
    Examples:
      loracfg config
      loracfg config adapters/qwen/a --format json
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import project_settings
    from loracfg.cli.output import write

    settings = project_settings(choices)
    found = [(path, settings.values_for(path)) for path in paths or (None,)]
    if format_name == "json":
        from loracfg.report.render.json_text import json_text

        write(json_text(_data(settings, found)) + "\n", None)
    else:
        write("\n".join(_lines(settings, found)) + "\n", None)


config.params += [one for one in validate.params if one.name in (*KEYS, "config", "isolated")]


def _lines(
    settings: ProjectSettings, found: list[tuple[str | None, dict[str, Chosen]]]
) -> Iterator[str]:
    from loracfg.report.render.place import path_from_here
    from loracfg.report.render.words import visible

    file = settings.file
    yield visible(f"file: {path_from_here(str(file.path)) if file else 'none'}")
    has_tables = file is not None and file.tables
    others = "adapters that no pattern in `[paths]` matches" if has_tables else "all adapters"
    for path, values in found:
        yield ""
        yield visible(f"{visible_url(path) if path else others}:")
        shown = {name: _shown(one.value) for name, one in values.items() if _is_shown(name, one)}
        names, width = (max(map(len, texts)) for texts in (shown, shown.values()))
        for name, one in ((name, values[name]) for name in shown):
            origins = ", ".join(map(_origin, one.origins))
            yield visible(f"  {name:<{names}}  {shown[name]:<{width}}  {origins}")


def _origin(origin: Origin) -> str:
    return f'{origin} for "{origin.pattern}"' if origin.pattern else f"{origin}"


def _is_shown(name: str, chosen: Chosen) -> bool:
    """Tell whether a value is worth a line: of the policy, only what the file has."""
    return "." not in name or any(origin.kind != "default" for origin in chosen.origins)


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return f"{value}".lower()
    if isinstance(value, tuple):
        return ", ".join(map(visible_url, value)) or "-"
    return "-" if value is None else visible_url(f"{value}")


def _data(
    settings: ProjectSettings, found: list[tuple[str | None, dict[str, Chosen]]]
) -> JsonObject:
    return {
        "file": str(settings.file.path) if settings.file else None,
        "adapters": [
            {
                "path": path and visible_url(path),
                "settings": {name: _entry(one) for name, one in values.items()},
            }
            for path, values in found
        ],
    }


def _without_secrets(value: Value) -> Json:
    if isinstance(value, tuple):
        return [visible_url(one) for one in value]
    return visible_url(value) if isinstance(value, str) else value


def _entry(chosen: Chosen) -> JsonObject:
    return {
        "value": _without_secrets(chosen.value),
        "from": [
            {
                "kind": origin.kind,
                "name": origin.name or None,
                "line": origin.place.line if origin.place else None,
                "column": origin.place.column if origin.place else None,
                "pattern": origin.pattern,
            }
            for origin in chosen.origins
        ],
    }
