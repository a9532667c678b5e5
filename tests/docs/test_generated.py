"""The generated files are those that the code gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from loracfg.document.packed_texts import unpack_texts
from loracfg.runtimes import profile_files

ROOT = Path(__file__).resolve().parents[2]
PATHS = [path for path in [os.environ.get("PYTHONPATH")] if path]


def generate(root: Path, *arguments: str, code: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the generator for a tree, by the code of it or of another one."""
    return python(code, str(root / "docs" / "generate.py"), *arguments)


def python(code: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=code,
        env={"PYTHONPATH": os.pathsep.join([str(code), *PATHS])},
    )


@pytest.mark.slow
def test_generated_files_are_up_to_date() -> None:
    result = generate(ROOT, "--check")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


FACTS: Final = f"loracfg/runtimes/{profile_files.ARCHIVE}"
FOUND: Final = ("error[LC503] rank-mismatch: `r` is `8`", "= help: set `r`", "(unsafe)")
"""What a page shows of the findings in its examples, so that a changed message makes it stale."""


@pytest.mark.slow
def test_stale_files_are_named_and_repaired(tmp_path: Path) -> None:
    for folder in ("docs", "schema", "tests/runtimes/matrix/cells"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for folder in ("config/history", "config/model", "rules", "runtimes"):
        (tmp_path / "loracfg" / folder).mkdir(parents=True)
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    (tmp_path / "api/page").mkdir(parents=True)
    shutil.copy(ROOT / "api/page/examples.js", tmp_path / "api/page")
    (tmp_path / "action.yml").write_text(action.replace("text, concise,", "text,"), "utf-8")
    table = tmp_path / "loracfg/config/history/field_table.py"
    table.write_text("SINCE = {}\n", encoding="utf-8")
    (tmp_path / "docs/rules/LC002.md").write_text("old", encoding="utf-8")
    (tmp_path / "docs/rules/LC000.md").write_text("of no rule", encoding="utf-8")
    page = tmp_path / "docs/rules/LC503.md"
    text = page.read_text(encoding="utf-8")
    for found in FOUND:
        assert found in text
        page.write_text(page.read_text("utf-8").replace(found, "", 1), encoding="utf-8")
    (tmp_path / "docs/config.md").unlink()
    (tmp_path / "schema/schemastore/test/adapter-config/dora.json").write_bytes(b"{}\r\n")
    (tmp_path / "schema/peft-9.9.9.open.schema.json").write_text("{}", encoding="utf-8")
    result = generate(tmp_path, "--check")
    named = [line.split()[0] for line in result.stdout.splitlines()]
    assert result.returncode == 1
    assert named == [
        "action.yml",
        "docs/config.md",
        "docs/rules/LC000.md",
        "docs/rules/LC002.md",
        "docs/rules/LC503.md",
        "loracfg/config/history/field_table.py",
        "loracfg/config/model/config_values.py",
        "loracfg/config/model/lora_config.pyi",
        "loracfg/rules/table.py",
        "schema/peft-9.9.9.open.schema.json",
        "schema/schemastore/test/adapter-config/dora.json",
        FACTS,
    ]
    repaired = generate(tmp_path)
    assert repaired.returncode == 0
    done = [line.split() for line in repaired.stdout.splitlines()]
    assert sorted(name for _, name in done) == sorted(named)
    removed = ["docs/rules/LC000.md", "schema/peft-9.9.9.open.schema.json"]
    assert [name for what, name in done if what == "removed"] == removed
    for name in {*named} - {*removed, FACTS}:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes(), name
    assert unpack_texts((tmp_path / FACTS).read_bytes()) == profile_files.read_archive()


NEW_FIELD: Final = """\
    use_new: Annotated[bool, Since("0.21.0"), Affects.RESULT] = Field(
        default=False, description="Whether a new thing is used."
    )
"""
WHAT_FOLLOWS: Final = """
from loracfg import LoraConfig
from loracfg.config.reading.plain_config import read_plainly, reading_of
from loracfg.document.json_document import read_document
from loracfg.testing import arguments

config = LoraConfig(use_new=True)
assert config.to_dict()["use_new"] is True
document, _ = read_document(b'{"peft_type": "LORA", "use_new": true}', "adapter_config.json")
assert read_plainly(document).config.use_new is True
document, _ = read_document(b'{"peft_type": "LORA", "use_new": "yes"}', "adapter_config.json")
reading = reading_of(document)
assert reading.config.use_new is True
assert [fault.kind for fault in reading.faults] == ["loose-value"]
assert "use_new" in arguments.FIELDS
"""


def copy_code(folder: Path) -> None:
    """Copy everything that the generator reads and writes, its code included."""
    for name in ("docs", "schema", "loracfg", "tests/runtimes/matrix/cells"):
        ignored = shutil.ignore_patterns("__pycache__", "*.facts")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "action.yml", folder)
    (folder / "loracfg_schema").symlink_to("schema")


NEW_RULE: Final = '''"""A weight file is there.

Most adapters have one.

Passes:
    made with {}

Repair: none.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.rules import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing."""
    yield from ()


RULE = Rule("LC799", "nothing-new", "warning", check, __name__)
'''


@pytest.mark.slow
def test_a_new_flag_and_a_new_rule_are_declared_once(tmp_path: Path) -> None:
    """One run after both writes the tables, pages and schemas that follow."""
    copy_code(tmp_path)
    fields = tmp_path / "loracfg/config/model/lora_fields.py"
    before = "    lora_bias: Annotated["
    text = fields.read_text()
    assert text.count(before) == 1
    fields.write_text(text.replace(before, NEW_FIELD + before))
    (tmp_path / "loracfg/rules/hygiene/lc799_nothing_new.py").write_text(NEW_RULE, "utf-8")
    made = generate(tmp_path, code=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    checked = generate(tmp_path, "--check", code=tmp_path)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    written = {line.removeprefix("wrote ") for line in made.stdout.splitlines()}
    assert {"loracfg/rules/table.py", "docs/rules/LC799.md", "docs/rules/index.md"} <= written
    used = python(tmp_path, "-c", WHAT_FOLLOWS)
    assert (used.returncode, used.stderr) == (0, "")
    for name in (
        "docs/config.md",
        "loracfg/config/model/config_values.py",
        "loracfg/config/model/lora_config.pyi",
        "schema/adapter_config.schema.json",
        "schema/peft-0.21.0.open.schema.json",
        "schema/schemastore/negative_test/adapter-config/use_new.json",
        "schema/schemastore/test/adapter-config/use_new.json",
    ):
        assert "use_new" in (tmp_path / name).read_text(encoding="utf-8"), name
