"""Rules of other packages whose values are wrong, which are refused when they are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.cli.running import write_adapter
from tests.rules.packages import ENTRY, install, run, with_rule

LEVELS: Final = "is not `error`, `warning` or `info`"
STAGES: Final = "is not `preview`, `stable` or `deprecated`"
PAGES: Final = "(`pages`) is not a URL with `{code}` for the code"
CODE: Final = "is not 2 to 10 capital letters, not beginning with `LC`, and three digits"
VALUES: Final = {
    'severity="critical"': f"the severity `critical` of `ACME001` {LEVELS}",
    'severity="Error"': f"the severity `Error` of `ACME001` {LEVELS}",
    "severity=None": f"the severity `None` of `ACME001` {LEVELS}",
    'stage="beta"': f"the stage `beta` of `ACME001` {STAGES}",
    'pages="https://acme.example/{rule}"': (
        f"the address `https://acme.example/{{rule}}` of `ACME001` {PAGES}"
    ),
    'pages="https://acme.example/{code.x}"': (
        f"the address `https://acme.example/{{code.x}}` of `ACME001` {PAGES}"
    ),
    'pages="acme"': f"the address `acme` of `ACME001` {PAGES}",
    "pages=7": f"the address `7` of `ACME001` {PAGES}",
    "code=7": f"the code `7` {CODE}",
    'code="ACME00½"': f"the code `ACME00½` {CODE}",
    "name=None": "the name `None` of `ACME001` is not lower-case words with `-` between them",
    "check=None": "the check `None` of `ACME001` is not a function",
    "since=None": "the release `None` of `ACME001` (`since`) is not text",
    "module=None": "the module `None` of `ACME001` cannot be imported (pass `__name__`)",
    'module="no_such"': (
        "the module `no_such` of `ACME001` cannot be imported "
        "(`ModuleNotFoundError: No module named 'no_such'`)"
    ),
}
REFUSED: Final = f"loracfg: the entry point `{ENTRY}` of `acme-rules` cannot be used: "
ADVICE: Final = "; fix or uninstall `acme-rules`\n"


def declared(arguments: str) -> str:
    """Return the source of a package whose rule has different values."""
    return f"{with_rule('return []')}\nRULES = [RULES[0]._replace({arguments})]"


@pytest.mark.parametrize("arguments", VALUES)
def test_wrong_values_are_refused(arguments: str, tmp_path: Path) -> None:
    installed = install(tmp_path / "site", declared(arguments))
    done = run(installed, "rules")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{REFUSED}{VALUES[arguments]}{ADVICE}"


@pytest.mark.parametrize(
    "command", [("validate", "adapter"), ("fix", "adapter"), ("explain", "LC503"), ("rules",)]
)
def test_every_command_that_needs_rules_refuses_them(
    command: Sequence[str], tmp_path: Path
) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    installed = install(tmp_path / "site", declared('severity="critical"'))
    done = run(installed, *(adapter if word == "adapter" else word for word in command))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(REFUSED)


def test_the_service_refuses_them(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn", reason="the service needs the extra `api`")
    done = run(install(tmp_path / "site", declared('stage="beta"')), "serve", "--port", "0")
    assert done.returncode == 2
    assert done.stderr.startswith(REFUSED)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import sys; sys.exit('x')", "SystemExit: x"),
        ("raise TypeError('a defect')", "TypeError: a defect"),
        ("RULES = (1 / 0 for _ in range(2))", "ZeroDivisionError: division by zero"),
    ],
)
def test_whatever_a_package_raises_is_refused(source: str, error: str, tmp_path: Path) -> None:
    done = run(install(tmp_path / "site", source), "rules")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{REFUSED}it cannot be loaded (`{error}`){ADVICE}"


@pytest.mark.parametrize(
    ("more", "entries"),
    [("\nRULES = RULES * 2", (ENTRY,)), ("", (ENTRY, "again = acme_rules:RULES"))],
)
def test_a_rule_that_is_listed_twice_is_refused(
    more: str, entries: tuple[str, ...], tmp_path: Path
) -> None:
    installed = install(tmp_path / "site", with_rule("return []") + more, entries)
    done = run(installed, "rules")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "loracfg: `acme_rules` has two rules `ACME001`, or lists one in two entry points; "
        "rename one of them, or list the rule once\n"
    )
