"""The commands on the pages for users print what the pages show.

A page says in comments which adapters it uses, in the language of `docs/demo_adapters.py`:

    <!-- adapter/: {"settings": {"r": 8}, "edits": ["drop lora_B"]} -->
    <!-- base/: {"num_hidden_layers": 2} -->

A `yaml` block that begins with `# NAME` is a file of this name, as it is shown. Each line of an
`sh` block is run in the folder of these, one after the other. A `text` block right below shows the
output of the last; `…` stands for what is left out. `LORACFG_UPDATE=1` writes the output to the
page.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from docs.demo_adapters import write_adapter, write_base
from tests.cli.running import ROOT, call

PAGES: Final = sorted([*(ROOT / "docs/start").glob("*.md"), *(ROOT / "docs/how-to").glob("*.md")])
ADAPTERS: Final = re.compile(r"(?m)^<!-- ([\w-]+)/: (.*) -->$")
FILES: Final = re.compile(r"(?ms)^```yaml\n(# ([\w.-]+)\n.*?)^```$")
BLOCK: Final = re.compile(r"(?ms)^( *)```sh\n(.*?)^ *```\n(?:\n^ *```text\n(.*?)^ *```$)?")
INSTALLS: Final = re.compile(
    r"(pip install|uv tool install|pipx install) '?loracfg\b|pip install -e '.\[test\]' && "
)
"""Installations, which `.ci/run` runs as they are, or which need a released package."""
BEFORE: Final = re.compile("^(uvx |pip install . && )")
"""What may precede a command of loracfg."""
STATUS: Final = re.compile(r"# exit status (\d)$")


@dataclass(frozen=True)
class Block:
    """Commands of a page, and what the last of them prints, with the place of that in the page."""

    commands: list[str]
    shown: str | None
    start: int
    end: int
    indent: str


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of commands."""
    for found in BLOCK.finditer(page):
        indent, commands, shown = found.groups()
        lines = [line.strip() for line in commands.replace("\\\n", " ").splitlines()]
        runs = [line for line in lines if line and not line.startswith("#")]
        yield Block(runs, shown, found.start(3), found.end(3), indent)


def write_files(page: str, folder: Path) -> None:
    """Write the adapters, bases and files that a page uses; a base comes first."""
    write_base(folder / "base")
    found = ADAPTERS.findall(page)
    for name, said in sorted(found, key=lambda one: not one[0].startswith("base")):
        values = json.loads(said)
        if name.startswith("base"):
            write_base(folder / name, values)
        else:
            base = folder / values.get("base", "base")
            write_adapter(folder / name, base, values.get("settings", {}), values.get("edits", ()))
    for text, name in FILES.findall(page):
        (folder / name).write_text(text, "utf-8")


def run(command: str) -> str:
    """Run a command of loracfg, check its exit status and return what it prints."""
    line = command.partition("  #")[0]
    program, *arguments = shlex.split(BEFORE.sub("", line))
    assert program == "loracfg", f"`{command}` is not run by any test"
    outcome = call(*arguments)
    wanted = STATUS.search(command)
    expected = {int(wanted[1])} if wanted else {0, 1}
    assert outcome.status in expected, f"`{command}` ended with {outcome.status}: {outcome.err}"
    return "".join((outcome.out, outcome.err))


def matches(shown: str, output: str) -> bool:
    """Tell whether a page shows this output, `…` standing for anything."""
    return re.fullmatch("(?s).*?".join(map(re.escape, shown.split("…"))), output) is not None


def check(path: Path) -> None:
    """Run the commands of a page in the current folder, and compare or update what it shows."""
    page = path.read_text("utf-8")
    new: list[str] = []
    end = 0
    for block in blocks(page):
        output = ""
        for command in block.commands:
            if not INSTALLS.match(command):
                output = run(command)
        if block.shown is None:
            continue
        shown = re.sub(rf"(?m)^{block.indent}", "", block.shown)
        if not os.environ.get("LORACFG_UPDATE"):
            assert matches(shown, output), f"show on the page what `{block.commands[-1]}` prints"
        elif not matches(shown, output):
            new += (page[end : block.start], re.sub(r"(?m)^(?=.)", block.indent, output))
            end = block.end
    if new:
        path.write_text("".join((*new, page[end:])), "utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_commands_print_what_the_page_shows(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(path.read_text("utf-8"), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    check(path)


def test_commands_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    check(ROOT / "README.md")


def test_pages_have_commands() -> None:
    for path in PAGES:
        assert list(blocks(path.read_text("utf-8"))), path.name
