"""JUnit XML: one test case for each adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from loracfg.report.render.place import adapter_path, one_line
from loracfg.report.render.summary_line import not_checked_lines, verdict_lines
from loracfg.report.render.words import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loracfg.report.report import AdapterReport, Diagnostic, Report


def render(report: Report) -> str:
    """Return an ASCII document with one suite.

    An invalid adapter has one `failure` that lists all its errors, because Jenkins keeps only the
    first and GitLab accepts only one. It has none if the user hides all errors. The other findings
    and the verdict are in `system-out`.
    """
    counts = report.summary()
    numbers = {
        "tests": str(len(report.adapters)),
        "failures": str(sum(map(_fails, report.adapters))),
        "errors": str(counts["error"]),
    }
    root = Element("testsuites", {"name": "loracfg", **numbers})
    skipped = str(counts["undetermined"])
    suite = SubElement(root, "testsuite", {"name": "loracfg", **numbers, "skipped": skipped})
    for adapter in report.adapters:
        _case(suite, adapter)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root).decode("ascii")}\n'


def _fails(adapter: AdapterReport) -> bool:
    return adapter.status == "invalid" and not _hides_errors(adapter)


def _hides_errors(adapter: AdapterReport) -> bool:
    return adapter.hidden.errors > 0 and not adapter.count("error")


def _case(suite: Element, adapter: AdapterReport) -> None:
    name = visible(adapter_path(adapter))
    case = SubElement(suite, "testcase", {"classname": "loracfg", "name": name})
    errors = [d for d in adapter.diagnostics if d.severity == "error"]
    others = [d for d in adapter.diagnostics if d.severity != "error"]
    match adapter.status:
        case "invalid" if _fails(adapter):
            _result(case, "failure", adapter, errors)
        case "error":
            _result(case, "error", adapter, errors)
        case "undetermined":
            reasons = not_checked_lines(adapter)
            SubElement(case, "skipped", {"message": "; ".join(reasons) or "undetermined"})
            others = [*errors, *others]
        case _:
            others = [*errors, *others]
    passes = [f"{adapter.status}, but all errors are hidden"] if _hides_errors(adapter) else []
    output = [*_listed(adapter, others), *passes, *verdict_lines(adapter)]
    if output:
        SubElement(case, "system-out").text = "\n".join(output)


def _result(case: Element, tag: str, adapter: AdapterReport, errors: list[Diagnostic]) -> None:
    message = visible(errors[0].message) if errors else f"the adapter is {adapter.status}"
    if len(errors) > 1:
        message += f", and {counted(len(errors) - 1, 'more error')}"
    attributes = {"message": message}
    if errors:
        attributes["type"] = visible(errors[0].code)
    SubElement(case, tag, attributes).text = "\n".join(_listed(adapter, errors))


def _listed(adapter: AdapterReport, diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    for d in diagnostics:
        yield one_line(adapter, d)
        if d.help:
            yield f"  help: {visible(d.help)}"
