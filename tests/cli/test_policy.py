"""`[policy]` of a project's file, in runs of the command."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import call, write_adapter

POLICY = """
[policy]
bases = ["meta-llama/*"]
licenses = ["apache-2.0"]
max-rank = 2
pinned-revision = true
no-pickles = true
no-modules-to-save = true
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lines = ("file x.pkl x", 'made with {"modules_to_save": ["lm_head"]}')
    write_adapter(tmp_path / "adapter", "raw README.md ---\\nlicense: mit\\n---\\n", *lines)
    (tmp_path / "loracfg.toml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(*arguments: str) -> list[str]:
    (adapter,) = json.loads(call("validate", *arguments, "--format", "json").out)["adapters"]
    return [d["code"] for d in adapter["diagnostics"] if d["code"].startswith("LC91")]


@pytest.mark.usefixtures("project")
def test_all_that_is_forbidden_is_found() -> None:
    assert codes("adapter") == [f"LC91{number}" for number in range(1, 7)]
    assert call("validate", "adapter").status == 1
    assert codes("adapter", "--ignore", "LC91") == []
    assert codes("adapter", "--isolated") == []
    assert call("validate", "adapter", "--isolated").status == 0


def test_limits_are_alone(project: Path) -> None:
    for number, line in enumerate(POLICY.split("\n")[2:-1], 1):
        (project / "loracfg.toml").write_text(f"[policy]\n{line}\n")
        assert codes("adapter") == [f"LC91{number}"]
    (project / "loracfg.toml").write_text("[policy]\nno-pickles = false\n")
    assert codes("adapter") == []
    (project / "loracfg.toml").write_text("policy = {}\n")
    assert codes("adapter") == []


@pytest.mark.usefixtures("project")
def test_fix_and_inspect_know_it() -> None:
    assert call("fix", "adapter").status == 1
    assert "LC911" in call("inspect", "adapter").out


def test_the_card_in_an_archive_is_not_checked(project: Path) -> None:
    with zipfile.ZipFile(project / "a.zip", "w") as archive:
        for path in (project / "adapter").iterdir():
            archive.write(path, path.name)
    outcome = call("validate", "a.zip")
    assert "not checked: the license (`README.md` cannot be read)" in outcome.out
    assert "LC912" not in outcome.out


@pytest.mark.usefixtures("project")
def test_config_shows_it() -> None:
    lines = [" ".join(line.split()) for line in call("config").out.splitlines()]
    assert "policy.max-rank 2 loracfg.toml:5:12" in lines
    assert not [line for line in call("config", "--isolated").out.splitlines() if "policy" in line]
    data = json.loads(call("config", "--isolated", "--format", "json").out)
    assert data["adapters"][0]["settings"]["policy.max-rank"]["value"] is None


def test_the_trace_names_it(project: Path) -> None:
    (project / "loracfg.toml").write_text("[policy]\nno-pickles = true\n")
    out = call("validate", "adapter", "--trace", "LC913").out
    assert "did not run: it looks at adapters with a policy with `max-rank`" in out


@pytest.mark.usefixtures("project")
def test_a_server_does_not_check_it() -> None:
    outcome = call("validate", "adapter", "--server", "http://localhost:1")
    assert (outcome.status, outcome.out, outcome.err) == (
        2,
        "",
        "loracfg: a server does not check the policy of a project; remove `--server`, or pass "
        "`--isolated`\n",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "max-rank = 0",
            "2:12: `max-rank` is `0`, not a positive integer; write `max-rank = 64`",
        ),
        ("max-rank = 8.0", "2:12: `max-rank` is `8.0`, not a positive integer; write …"),
        ("max-rank = true", "2:12: `max-rank` is `true`, not a positive integer; write …"),
        ('bases = ["/a"]', '2:10: `bases` has `"/a"`, which is not a pattern of paths; write …'),
        ('license = ["mit"]', "2:1: unknown key `license` in `[policy]`; write `licenses`"),
        ("strict = true", "2:1: unknown key `strict` in `[policy]`; move `strict` to the top …"),
    ],
)
def test_mistakes(project: Path, line: str, said: str) -> None:
    (project / "loracfg.toml").write_text(f"[policy]\n{line}\n")
    outcome = call("validate", "adapter")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"loracfg: loracfg.toml:{said.removesuffix('…')}")
