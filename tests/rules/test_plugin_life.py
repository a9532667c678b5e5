"""The stages of rules of other packages, and the pages that they link to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.cli.running import write_adapter
from tests.rules.packages import install, run, with_rule

CHECK: Final = 'yield Finding("too large", subject.value("/r"), "make it smaller")'


def test_rule_in_preview_says_that_it_did_not_run(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    installed = install(tmp_path / "site", with_rule(CHECK, 'stage="preview"'))

    def line(*options: str) -> str:
        return run(installed, "validate", adapter, "--trace", "ACME001", *options).stdout

    assert ": did not run: it is in preview; pass `--preview`\n" in line()
    assert ": 1 finding: too large\n" in line("--preview")


@pytest.mark.slow
def test_selecting_only_rules_in_preview_is_warned_about(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    installed = install(tmp_path / "site", with_rule("return []", 'stage="preview"'))

    def warned(command: str, *options: str) -> str:
        done = run(installed, command, adapter, *options)
        assert done.returncode == 0
        return done.stderr

    message = "`--select {}` only selects rules in preview, which do not run; {}"
    for entry in ("ACME001", "ACME", "of-acme"):
        expected = f"loracfg: warning: {message.format(entry, 'pass `--preview`')}\n"
        assert warned("validate", "--select", f"{entry},LC5") == expected
    assert message.format("ACME", "remove it") in warned("fix", "--select", "ACME")
    assert warned("validate", "--select", "ACME001", "--preview") == ""
    assert warned("validate", "--select", "LC5", "--ignore", "ACME") == ""


def test_a_deprecated_rule_is_explained_with_the_release_that_added_it(tmp_path: Path) -> None:
    values = 'stage="deprecated", since="1.2.0"'
    installed = install(tmp_path / "site", with_rule("return []", values))
    head = run(installed, "explain", "ACME001").stdout.splitlines()[0]
    assert head == "ACME001 of-acme (error, deprecated, added in 1.2.0)"


@pytest.mark.slow
def test_a_rule_without_pages_has_no_link(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    installed = install(tmp_path / "site", with_rule(CHECK))
    (listed,) = json.loads(run(installed, "rules", "--format", "json").stdout)[-1:]
    assert (listed["code"], listed["url"]) == ("ACME001", "")

    def shown(format_name: str) -> str:
        return run(installed, "validate", adapter, "--format", format_name).stdout

    (found,) = json.loads(shown("json"))["adapters"][0]["diagnostics"]
    assert (found["code"], found["url"]) == ("ACME001", "")
    (described,) = json.loads(shown("sarif"))["runs"][0]["tool"]["driver"]["rules"]
    assert "helpUri" not in described
    assert "**error** `ACME001` of-acme" in shown("markdown")
