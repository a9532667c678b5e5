"""A config or an archive on standard input."""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PROGRAM, Outcome, call
from tests.sources.adapters import CONFIG, WEIGHTS, adapter, codes, packed, reports


def given(data: bytes, *arguments: str | Path) -> Outcome:
    """Run the command line with bytes on standard input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return call(*arguments)


def judged(data: bytes, *more: str | Path) -> list[dict[str, Any]]:
    return reports(given(data, "validate", "-", "--format", "json", *more))


def test_a_config(base: Path) -> None:
    (report,) = judged(adapter()[CONFIG], "--base", base)
    assert (report["path"], report["status"]) == ("-", "undetermined")
    assert report["diagnostics"] == []
    assert "only the config was given" in str(report["not_checked"])
    (spoilt,) = judged(adapter('config {"r": "eight"}')[CONFIG], "--base", base)
    assert spoilt["status"] == "invalid"
    assert codes(spoilt)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_config(data: bytes) -> None:
    (report,) = judged(data)
    assert report["status"] == "invalid"
    assert report["diagnostics"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(17 << 20), "has more than 16.0 MiB, too much for a config"),
        (adapter()[WEIGHTS], "has a safetensors file, not a config or an archive"),
    ],
    ids=["endless", "weights"],
)
def test_what_is_no_config_and_no_archive(data: bytes, message: str) -> None:
    (report,) = judged(data)
    assert (report["status"], codes(report)) == ("error", ["LC002"])
    assert message in report["diagnostics"][0]["message"]


def test_a_closed_standard_input() -> None:
    import subprocess

    program = " ".join(map(shlex.quote, PROGRAM))
    done = subprocess.run(
        ["sh", "-c", f"{program} validate - <&-"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "standard input is closed" in done.stdout
    assert "LC901" not in done.stdout


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_an_archive(kind: str, base: Path) -> None:
    both = {f"{name}/{file}": data for name in ("one", "two") for file, data in adapter().items()}
    found = judged(packed(both, kind), "--base", base)
    assert [(one["path"], one["status"]) for one in found] == [
        ("-/one", "valid"),
        ("-/two", "valid"),
    ]


def test_a_broken_archive() -> None:
    (report,) = judged(packed(adapter(), "zip")[:-30])
    assert (report["status"], codes(report)) == ("error", ["LC008"])


def test_other_commands(tmp_path: Path, base: Path) -> None:
    archive, config = packed(adapter(), "zip"), adapter()[CONFIG]
    for data in (archive, config):
        said = given(data, "migrate", "-", "--to", "0.12.0", "--allow-lossy")
        assert said.status == 0
        assert said.out.startswith("--- -/adapter_config.json")
    assert given(archive, "inspect", "-", "--base", base).status == 0
    assert given(archive, "compat", "-").status == 0
    assert given(config, "fix", "-").status == 0
    broken = packed(adapter("rename ^base_model.model. ->"), "zip")
    written = given(broken, "fix", "-", "--base", base, "--output", tmp_path / "new")
    assert written.status == 2
    assert "can be read only once; save it to a file and pass that" in written.err
    assert not (tmp_path / "new").exists()


def test_a_real_pipe(base: Path) -> None:
    import subprocess

    done = subprocess.run(
        [*PROGRAM, "validate", "-", "--base", str(base)],
        input=packed(adapter(), "tar.gz"),
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 valid" in done.stdout
