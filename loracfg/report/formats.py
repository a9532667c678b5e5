"""The output formats of reports, each declared once.

The command line, the service and its OpenAPI document, the docs and the action are derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from loracfg.named_tuple import NamedTuple


class Format(NamedTuple):
    """An output format, and the module of `loracfg.report.render` that writes it.

    The service answers with `media_type`. If `by_accept` is set, a request with that type in
    `Accept` gets this format. A format `for_terminals` may be coloured and followed by other lines.
    One that is written `in_pieces` has a class `STREAM` in its module, others a function `render`.
    """

    name: str
    help: str
    media_type: str
    module: str
    by_accept: bool = False
    for_terminals: bool = False
    in_pieces: bool = False


_JSON: Final = "application/json"
_PLAIN: Final = "text/plain"

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format(
                "text",
                "findings with the lines they refer to, for people",
                _PLAIN,
                "text",
                by_accept=True,
                for_terminals=True,
                in_pieces=True,
            ),
            Format(
                "concise",
                "one line per finding, for editors and grep",
                _PLAIN,
                "concise",
                in_pieces=True,
            ),
            Format(
                "json",
                "the whole report, for programs",
                _JSON,
                "json_",
                by_accept=True,
                in_pieces=True,
            ),
            Format(
                "sarif",
                "SARIF 2.1.0, for code scanning",
                "application/sarif+json",
                "sarif",
                by_accept=True,
            ),
            Format("github", "annotations in GitHub Actions", _PLAIN, "github", in_pieces=True),
            Format("gitlab", "Code Quality report for GitLab", _JSON, "gitlab"),
            Format(
                "junit",
                "JUnit XML, for Jenkins and most other CI systems",
                "application/xml",
                "junit",
                by_accept=True,
            ),
            Format(
                "markdown",
                "Markdown, for pull-request comments and job summaries",
                "text/markdown",
                "markdown",
                by_accept=True,
            ),
        )
    }
)
"""Every format by its name."""
