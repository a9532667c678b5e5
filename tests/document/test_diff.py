from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.document.text_diff import unified_diff

NAME: Final = "adapter_config.json"
PROGRAMS: Final = {"patch": ["patch", "-p0", "--binary"], "git": ["git", "apply", "-p0"]}
TEXTS: Final = st.lists(
    st.sampled_from(["{", "}", '  "r": 8,', "\r", "\u2028", "\x85", "-- a", "++ b", "\\", " "]),
    max_size=12,
).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", ""]).map("\n".join(lines).__add__))


def patched(folder: Path, program: str, name: str, before: str, after: str) -> str:
    """Return a file's text after a program has applied the difference to it."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(before.encode())
    done = subprocess.run(
        PROGRAMS[program],
        input=unified_diff(before, after, name).encode(),
        cwd=folder,
        capture_output=True,
        env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return path.read_bytes().decode()


@pytest.mark.parametrize("program", PROGRAMS)
@given(TEXTS.filter(bool), TEXTS.filter(bool))
@settings(max_examples=40)
def test_programs_take_the_difference(program: str, before: str, after: str) -> None:
    if before == after:
        assert unified_diff(before, after, NAME) == ""
        return
    with tempfile.TemporaryDirectory() as folder:
        assert patched(Path(folder), program, NAME, before, after) == after


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "name", ["my adapter/a.json", 'a"b.json', "a\\b.json", "ä.json", "a\x1bb.json", "a\tb.json"]
)
def test_programs_find_the_file(tmp_path: Path, program: str, name: str) -> None:
    assert patched(tmp_path, program, name, "{}\n", "[]\n") == "[]\n"


def test_the_end_of_a_file_without_a_newline_is_marked() -> None:
    assert unified_diff('{\n  "r": 8\n}', '{\n  "r": 16\n}', NAME) == (
        "--- adapter_config.json\n"
        "+++ adapter_config.json\n"
        "@@ -1,3 +1,3 @@\n"
        " {\n"
        '-  "r": 8\n'
        '+  "r": 16\n'
        " }\n"
        "\\ No newline at end of file\n"
    )


def test_a_newline_at_the_end_is_a_difference() -> None:
    assert unified_diff("{}", "{}\n", NAME).endswith("-{}\n\\ No newline at end of file\n+{}\n")
