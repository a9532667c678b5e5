"""Validation on a loracfg server: configs and headers are uploaded, weights are not.

What cannot be uploaded is validated here: a path without an adapter, a folder with something other
than a file in its place, or a base that cannot be read. The answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from loracfg.cli.server import Server
from loracfg.cli.uploads import NotUploadableError, adapter_body, base_body
from loracfg.document.json_value import JsonObject
from loracfg.engine.engine import Engine, for_each_source
from loracfg.engine.options import Options
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport, Diagnostic, Report
from loracfg.sources.address import Address
from loracfg.sources.source import Source
from loracfg.version import __version__

_OF_BASE: Final = ("LC005", "LC006")
"""The rules that report findings in the base."""


class _Request(NamedTuple):
    """What to ask a server about an adapter, and the texts of the adapter's files."""

    source: Source
    body: JsonObject
    texts: dict[str, str]


def validate_remotely(
    addresses: Iterable[Address], url: str, options_for: Callable[[Address], Options]
) -> Report:
    """Validate adapters on a server, each with the options that `options_for` returns.

    Raises:
        LoracfgError: if the options or the URL are wrong, or the server returns no report.
    """
    server = Server(url)
    version, reports = __version__, list[AdapterReport]()
    for address in addresses:
        options = options_for(address)
        prepare = partial(_prepare, engine=Engine(options))
        for one in for_each_source(address, prepare, options):
            if isinstance(one, _Request):
                answer = server.validate(one.body)
                version = answer.tool_version
                reports.append(_as_from_here(answer.adapters[0], one))
            else:
                reports.append(one)
    return Report(version, tuple(reports))


def _prepare(source: Source, engine: Engine) -> _Request | AdapterReport:
    """Return what to ask about an adapter, or the report if it cannot be uploaded."""
    case = engine.open_source(source)
    try:
        body = adapter_body(source, case.adapter) | {"options": _options(engine.options)}
        base = base_body(case.adapter, engine.options)
    except NotUploadableError:
        return case.report
    document = case.adapter.document
    texts = {document.file: document.text} if document else {}
    return _Request(source, body | ({"base": base} if base else {}), texts)


def _as_from_here(report: AdapterReport, request: _Request) -> AdapterReport:
    """Return a report with local paths and the texts of local files."""
    found = tuple(_of_base(d) if d.code in _OF_BASE else d for d in report.diagnostics)
    path = request.source.name
    report = report._replace(path=path, sources=request.texts, diagnostics=found)
    return request.source.placed(report)


def _of_base(diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic._replace(location=diagnostic.location.outside())


def _options(options: Options) -> JsonObject:
    return {
        "class": options.class_name,
        "peft": options.peft,
        "for": list(options.runtimes),
        "select": list(options.select),
        "ignore": list(options.ignore),
        "preview": options.preview,
    }
