"""What docs/stability.md promises is what the code says."""

from __future__ import annotations

import re
from typing import Final

from loracfg.audit.report.tables_json import REPORT_VERSION as AUDIT_REPORT_VERSION
from loracfg.audit.result_schema import RESULT_VERSION
from loracfg.config.schema.architecture_limits import ARCHITECTURE_VERSION
from loracfg.report.report import REPORT_VERSION
from loracfg.settings.baseline import VERSION as BASELINE_VERSION
from loracfg.training.training_plan import PLAN_VERSION
from loracfg.version import __version__
from tests.cli.running import ROOT
from tests.publishing.changelog import sections

PAGE: Final = (ROOT / "docs/stability.md").read_text("utf-8")


def test_versions_of_files_are_those_of_the_code() -> None:
    found = re.findall(r"(?m)^\| [^|]+ \| `(\S+)`[^|]* \| (\d+) \|$", PAGE)
    assert {name: int(version) for name, version in found} == {
        "report_version": REPORT_VERSION,
        "plan_version": PLAN_VERSION,
        "loracfg.result_version": RESULT_VERSION,
        "audit_report_version": AUDIT_REPORT_VERSION,
        "baseline_version": BASELINE_VERSION,
        "architecture_version": ARCHITECTURE_VERSION,
    }


def test_the_version_to_pin_is_this_one() -> None:
    minor = ".".join(__version__.split(".")[:2])
    assert f"`loracfg~={minor}.0`" in PAGE


def test_the_changelog_begins_with_this_version() -> None:
    newest = sections((ROOT / "CHANGELOG.md").read_text("utf-8"))[0]
    assert newest.version == __version__
    assert newest.when == "unreleased" or re.fullmatch(r"\d{4}-\d\d-\d\d", newest.when)
