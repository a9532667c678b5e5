"""`loracfg schema`: the committed files, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.schema.catalog import read_catalog
from tests.cli.running import ROOT, call, run

SCHEMAS: Final = ROOT / "schema"


def committed(name: str) -> str:
    return (SCHEMAS / f"{name}.schema.json").read_bytes().decode()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((), f"peft-{PEFT_RELEASE}.strict"),
        (("--variant", "open"), f"peft-{PEFT_RELEASE}.open"),
        (("--peft", "0.12"), "peft-0.12.0.strict"),
        (("--peft", "0.13", "--variant", "open"), "peft-0.13.2.open"),
        (("--peft", "v0.6.1"), "peft-0.6.1.strict"),
        (("--variant", "editor"), "adapter_config"),
        (("--variant", "settings"), "loracfg"),
    ],
)
def test_prints_the_committed_file(arguments: tuple[str, ...], name: str) -> None:
    outcome = call("schema", *arguments)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == committed(name)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("variant", ["strict", "open"])
def test_every_release_has_both_variants(release: str, variant: str) -> None:
    outcome = call("schema", "--peft", release, "--variant", variant)
    assert outcome.out == committed(f"peft-{release}.{variant}")


def test_writes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    outcome = run("schema", "--output", path)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert path.read_bytes().decode() == committed(f"peft-{PEFT_RELEASE}.strict")


def test_list_has_a_line_for_each_release() -> None:
    outcome = call("schema", "--list")
    assert (outcome.status, outcome.err) == (0, "")
    lines = [line.split() for line in outcome.out.splitlines()]
    assert [line[0] for line in lines] == list(RELEASES)
    for release, generation, keys in lines:
        entry = read_catalog()["releases"][release]
        assert (generation, int(keys)) == (entry["generation"], entry["keys"])
        assert int(keys) == len(json.loads(committed(f"peft-{release}.strict"))["properties"])


@pytest.mark.parametrize("version", ["0.99", "banana", "", "0.12.9"])
def test_unknown_release_gives_a_message(version: str) -> None:
    outcome = call("schema", "--peft", version)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        f"loracfg: `{version}` is not a known release of PEFT; use one from `0.0.1` to "
        f"`{PEFT_RELEASE}`; `loracfg schema --list` lists them\n"
    )


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--variant", "editor"), "editor schema"),
        (("--variant", "settings"), "settings schema"),
        (("--list",), "list"),
    ],
)
def test_what_is_for_all_releases_takes_none(arguments: tuple[str, ...], what: str) -> None:
    outcome = call("schema", "--peft", "0.12", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        f"loracfg: `--peft` is `0.12`, but the {what} covers all releases; remove `--peft`\n"
    )


def test_help_keeps_the_lines_of_examples() -> None:
    lines = call("schema", "--help").out.splitlines()
    assert "  loracfg schema --peft 0.12 > adapter_config.schema.json" in [
        line.removeprefix("  ") for line in lines
    ]
    assert max(map(len, lines)) <= 100
