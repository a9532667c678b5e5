"""Workflow commands that GitHub Actions turns into annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.report.render.place import adapter_path, file_path, path_from_here
from loracfg.report.render.stream import Stream
from loracfg.report.render.summary_line import hidden_words, not_checked_lines
from loracfg.report.render.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.report.report import AdapterReport, Diagnostic, Region

_COMMANDS: Final = {"error": "error", "warning": "warning", "info": "notice"}


class GithubStream(Stream):
    """One command per line: the findings, and notices of what is undetermined or hidden."""

    def piece(self, adapter: AdapterReport) -> str:
        """Return the commands for an adapter."""
        return "".join(f"{line}\n" for line in _lines(adapter))


STREAM: Final = GithubStream


def _lines(adapter: AdapterReport) -> Iterator[str]:
    for d in adapter.diagnostics:
        properties = {
            "file": path_from_here(file_path(adapter, d.location)),
            **_lines_and_columns(d.location.region),
            "title": f"{d.code} {d.name}",
        }
        yield _command(_COMMANDS[d.severity], properties, _message(d))
    if adapter.status == "undetermined":
        reasons = not_checked_lines(adapter) or ["the adapter could not be checked"]
        yield _notice(adapter, "loracfg undetermined", "\n".join(reasons))
    if hidden := hidden_words(adapter):
        yield _notice(adapter, f"loracfg {adapter.status}", hidden)


def _notice(adapter: AdapterReport, title: str, message: str) -> str:
    properties = {"file": path_from_here(adapter_path(adapter)), "title": title}
    return _command("notice", properties, message)


def _message(d: Diagnostic) -> str:
    parts = [d.message]
    if d.location.tensor:
        parts.append(f"tensor: {d.location.tensor}")
    if d.help:
        parts.append(f"help: {d.help}")
    return "\n".join(visible(part) for part in parts)


def _lines_and_columns(region: Region | None) -> dict[str, str]:
    """Return the properties of a region.

    The runner drops an annotation that has columns and more than one line
    (actions/runner, `ActionCommandManager.ValidateLinesAndColumns`).
    """
    if region is None:
        return {}
    lines = {"line": str(region.line), "endLine": str(region.end_line)}
    if region.line != region.end_line:
        return lines
    return {
        "line": lines["line"],
        "col": str(region.column),
        "endLine": lines["endLine"],
        "endColumn": str(region.end_column),
    }


def _command(name: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
