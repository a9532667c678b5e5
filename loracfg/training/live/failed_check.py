"""The exception for a model or a checkpoint that does not pass its check."""

from __future__ import annotations

from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport, Diagnostic, Report


class FailedCheckError(LoracfgError):
    """A model or checkpoint with errors; `report` has all findings."""

    def __init__(self, what: str, report: Report) -> None:
        """Describe the first error of a report on `what`, and count the others."""
        self.report = report
        errors = errors_in(report)
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = f"{what} is invalid: {first.code} {first.name}: {first.message}{more}"
        super().__init__(message, first.help)


def errors_in(report: Report) -> list[Diagnostic]:
    """Return all errors of a report."""
    return [found for one in report.adapters for found in _errors_of(one)]


def _errors_of(adapter: AdapterReport) -> list[Diagnostic]:
    return [found for found in adapter.diagnostics if found.severity == "error"]
