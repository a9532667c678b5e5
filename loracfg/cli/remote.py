"""Validation on a loracfg server: configs and headers are uploaded, weights are not.

What cannot be uploaded is validated here: a path without an adapter, a folder with something other
than a file in its place, or a base that cannot be read. The answer is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from loracfg.adapter.directory import NOT_A_FILE, PICKLE_NAME, SAFETENSORS_NAME, Adapter
from loracfg.adapter.files import Files, Folder
from loracfg.adapter.header.safetensors_file import read_head
from loracfg.base.finding.base_folder import FACTS, BaseFiles
from loracfg.base.resolve import files_of
from loracfg.base.search import Search
from loracfg.config import CONFIG_NAME
from loracfg.engine.base_request import base_request
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport, Diagnostic, Report
from loracfg.sources.opening import addresses_of, open_sources
from loracfg.sources.source import Source

_OF_BASE: Final = ("LC005", "LC006")
"""The rules that report findings in the base."""


class _Request(NamedTuple):
    """What to ask a server about an adapter, and the texts of the adapter's files."""

    source: Source
    body: JsonObject
    texts: dict[str, str]


def validate_remotely(paths: Iterable[str], url: str, options: Options) -> Report:
    """Validate adapters on a server.

    Raises:
        LoracfgError: if the options or the URL are wrong, or the server returns no report.
    """
    if urlsplit(server).scheme not in ("http", "https"):
        raise LoracfgError(f"`{server}` is not an HTTP URL", "pass one that begins with `https://`")
    sources = (
        source
        for address in addresses_of(paths)
        for source in open_sources(address, online=options.online)
    )
    reports = [_ask(server, source, options) for source in sources]
    return Report(
        reports[0].tool_version, tuple(one for report in reports for one in report.adapters)
    )


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
    file = str(Path(diagnostic.location.file).absolute())
    return diagnostic._replace(location=diagnostic.location._replace(file=file, elsewhere=True))


def _options(options: Options) -> JsonObject:
    return {
        "class": options.class_name,
        "peft": options.peft,
        "for": list(options.runtimes),
        "select": list(options.select),
        "ignore": list(options.ignore),
        "preview": options.preview,
    }


def _adapter_body(source: Source, adapter: Adapter) -> dict[str, Any]:
    body: dict[str, Any] = {"name": source.name}
    sent = {adapter.weights}
    if CONFIG_NAME in adapter.files:
        with source.files.open(CONFIG_NAME) as stream:
            body |= _config_body(stream.read())
        sent.add(CONFIG_NAME)
    if adapter.weights is not None:
        body["weights"] = _weights_body(source.files, adapter.weights, adapter.files)
    return body | {"files": {n: size for n, size in adapter.files.items() if n not in sent}}


def _config_body(data: bytes) -> dict[str, str]:
    try:
        return {"config": data.decode()}
    except UnicodeDecodeError:
        return {"config_base64": _encoded(data)}


def _weights_body(files: Files, name: str, sizes: Mapping[str, int]) -> dict[str, Any]:
    size = sizes[name]
    tail = b""
    with files.open(name) as stream:
        if name == PICKLE_NAME:
            head = stream.read(_END_BYTES)
            stream.seek(max(len(head), size - _END_BYTES))
            tail = stream.read()
        else:
            head = read_head(stream)
    known = {"file": PICKLE_NAME if name == PICKLE_NAME else SAFETENSORS_NAME}
    return {"head": _encoded(head), "tail": _encoded(tail), "size": size, **known}


def _base_body(adapter: Adapter, options: Options) -> dict[str, Any] | None:
    search = Search(base_request(adapter, options))
    files = files_of(search)
    if files is None:
        for fault in search.faults:
            raise LoracfgError(fault.message, fault.help)
        return None
    if files.architecture is not None:
        return {"name": files.name, "config": _architecture_text(files.name)}
    body = {"name": files.name, "config": files.config, "weights": _checkpoint(files)}
    if files.facts is not None and files.folder is not None:
        named = [Path(files.name)] if files.name.endswith(FACTS) else files.folder.glob(f"*{FACTS}")
        body["facts"] = next(iter(named)).read_text("utf-8")
    return body


def _architecture_text(name: str) -> str:
    """Return the text of an architecture file.

    Raises:
        LoracfgError: if it is on another machine.
    """
    if not Path(name).is_file():
        message = f"the architecture file `{name}` is on another machine"
        raise LoracfgError(message, "download it and pass its path, or remove `--server`")
    return Path(name).read_text("utf-8")


def _checkpoint(files: BaseFiles) -> dict[str, Any]:
    if files.folder is None:
        return {}
    folder = Folder(files.folder)
    sizes = folder.sizes()
    found = (name for name in sizes if name.endswith(".safetensors"))
    return {name: _weights_body(folder, name, sizes) for name in found}


def _encoded(data: bytes) -> str:
    return b64encode(data).decode()


def _post(url: str, body: dict[str, Any]) -> Report:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token := os.environ.get("LORACFG_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310  # checked above
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return parse_report(json.load(answer))
    except urllib.error.HTTPError as error:
        _refuse(url, error)
    except (OSError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", error)
        raise LoracfgError(f"`{url}` does not respond: {reason}", "check the URL") from None
    except (ValueError, KeyError, TypeError):
        raise LoracfgError(f"`{url}` did not return a report", "check the URL") from None


def _refuse(url: str, error: urllib.error.HTTPError) -> NoReturn:
    """Report why the server rejected the request, in its own words if it sent any."""
    try:
        problem = json.load(error)
        detail, advice = str(problem["detail"]), str(problem.get("help", ""))
    except (ValueError, KeyError, TypeError):
        detail, advice = error.reason, "check the URL"
    raise LoracfgError(f"`{url}` returned {error.code}: {detail}", advice) from None
