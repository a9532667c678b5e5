"""Facts count if the user names the base, and never because an adapter does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg import Engine, Options
from loracfg.cli.uploads import NotUploadableError, base_body
from loracfg.config import CONFIG_NAME
from loracfg.engine.caches import Caches
from tests.base.opened_files import (
    EVENTS,
    judge,
    novel_adapter,
    novel_base,
    reasons,
    snapshot,
    source_in,
)
from tests.base.test_facts_file import GOOD as FACTS
from tests.cli.running import call, write_adapter, write_base

NOTE: Final = (
    "only the adapter names `./novel`, so its facts file `novel.facts` was not used: "
    "pass `--base ./novel`"
)
TRAINER: Final = (
    "base_model: ./novel\nadapter: lora\nlora_r: 4\nlora_alpha: 8\nlora_target_modules: [up]\n"
)
SURFACES: Final[dict[str, tuple[str, ...]]] = {
    "validate": ("validate", "adapter"),
    "search": ("validate", "."),
    "trace": ("validate", "adapter", "--trace", "LC601"),
    "inspect": ("inspect", "adapter"),
    "diff": ("diff", "adapter", "other"),
    "compat": ("compat", "adapter"),
    "fix": ("fix", "adapter"),
    "migrate": ("migrate", "adapter", "--to", "0.15"),
    "plan": ("plan", "adapter"),
    "suggest": ("plan", "adapter", "--suggest"),
    "trainer's file": ("plan", "train.yaml"),
    "deploy": ("deploy", "adapter", "--for", "vllm==0.33"),
    "audit": ("audit", "adapter", "--output", "results"),
    "config": ("config", "adapter"),
}
"""Each command that takes an adapter, or a config of one."""
NEEDS_NO_BASE: Final = {"migrate", "config"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with adapters and a base that only its facts describe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    novel_base(Path("novel"))
    novel_adapter("./novel")
    novel_adapter("./novel", Path("other"))
    Path("train.yaml").write_text(TRAINER)
    return tmp_path


@pytest.mark.parametrize("config", [{}, {"auto_map": {"AutoModel": "own.Model"}}])
def test_facts_of_an_adapter_do_not_count(config: dict[str, Any]) -> None:
    novel_base(Path("novel"), **config)
    report = judge()
    assert source_in(report) is None
    assert NOTE in reasons(report)
    assert not EVENTS.has_opened_facts
    Path("novel/novel.facts").unlink()
    without = judge()
    assert without.diagnostics == report.diagnostics
    assert without.status == report.status == "undetermined"


def test_facts_of_an_adapter_in_the_cache_of_the_hub_do_not_count(here: Path) -> None:
    snapshot(here / "hub", facts=FACTS)
    novel_adapter("org/base", Path("third"))
    assert source_in(judge(Path("third"))) is None
    assert not EVENTS.has_opened_facts
    assert source_in(judge(Path("third"), base="org/base")) == "facts"


def test_facts_of_the_user_count(here: Path) -> None:
    for base in ("./novel", "novel/novel.facts", str(here / "novel")):
        assert source_in(judge(base=base)) == "facts"


def test_a_known_config_needs_no_facts() -> None:
    write_base(Path("llama"))
    (Path("llama") / "own.facts").write_text(FACTS)
    config = json.loads((write_adapter(Path("sound")) / CONFIG_NAME).read_text())
    values = config | {"base_model_name_or_path": "llama"}
    Path("sound", CONFIG_NAME).write_text(json.dumps(values))
    report = judge(Path("sound"))
    assert source_in(report) == "catalogue"
    assert report.not_checked == ()


def test_no_library_is_asked_about_a_base_of_the_adapter() -> None:
    pytest.importorskip("transformers")
    Path("novel/novel.facts").unlink()
    Path("novel/config.json").write_text('{"model_type": "sarvam_moe"}')
    report = judge()
    assert source_in(report) is None
    assert "the installed transformers" in reasons(report)
    assert "was not used: pass `--base ./novel`" in reasons(report)
    assert EVENTS.others == []


def test_nothing_is_shared_between_a_base_of_the_user_and_of_the_adapter() -> None:
    caches = Caches(keeps_bases=True)
    for _ in range(3):
        for base, source in (("./novel", "facts"), (None, None)):
            report = Engine(Options(base=base), caches=caches).open("adapter").report
            assert source_in(report) == source


def test_facts_that_were_not_used_are_not_uploaded() -> None:
    adapter = Engine().open("adapter").adapter
    with pytest.raises(NotUploadableError):
        base_body(adapter, Options())
    body = base_body(adapter, Options(base="./novel"))
    assert body is not None
    assert body["facts"] == FACTS


def facts_read(*arguments: str) -> bool:
    """Run a command in this process, and return whether it opens the facts file."""
    with EVENTS.recording():
        outcome = call(*arguments)
    assert outcome.status in (0, 1, 2), outcome.err
    return EVENTS.has_opened_facts


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_no_command_reads_facts_that_only_the_adapter_names(surface: str) -> None:
    assert not facts_read(*SURFACES[surface])


@pytest.mark.parametrize("surface", sorted(SURFACES.keys() - NEEDS_NO_BASE))
def test_commands_read_the_facts_that_the_user_names(surface: str) -> None:
    assert facts_read(*SURFACES[surface], "--base", "./novel")


def test_an_audit_mixes_no_bases() -> None:
    def sources(*options: str) -> str:
        call(*SURFACES["audit"], *options)
        query = "SELECT base_source FROM results"
        return call("audit", "report", "results", "--sql", query).out

    for _ in range(2):
        assert "facts" in sources("--base", "./novel")
        assert "facts" not in sources()


# --- files with settings


BESIDE: Final = Path("adapter/loracfg.toml")


def test_a_project_may_bring_facts() -> None:
    Path("loracfg.toml").write_text('base = "novel"\n')
    assert facts_read("validate", "adapter")


@pytest.mark.parametrize("name", ["loracfg.toml", "pyproject.toml"])
def test_settings_that_came_with_the_adapter_bring_none(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "[tool.loracfg]\n" if name == "pyproject.toml" else ""
    Path("adapter", name).write_text(f'{table}base = "../novel"\n')
    monkeypatch.chdir("adapter")
    assert not facts_read("validate", ".")
    assert not facts_read("validate", CONFIG_NAME)
    assert facts_read("validate", ".", "--config", name)
    assert facts_read("validate", ".", "--base", "../novel")
    monkeypatch.setenv("LORACFG_BASE", "../novel")
    assert facts_read("validate", ".")


def test_settings_of_an_adapter_that_is_judged_from_elsewhere_are_not_read() -> None:
    BESIDE.write_text('base = "../novel"\nignore = ["LC"]\n')
    with EVENTS.recording():
        call("validate", "adapter")
    assert not any(path.endswith("loracfg.toml") for path in EVENTS.opened)


def test_settings_that_came_with_the_adapter_name_a_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who publishes an adapter has them in its folder."""
    write_base(Path("llama"))
    write_adapter(Path("sound"))
    Path("sound/loracfg.toml").write_text('base = "../llama"\n')
    monkeypatch.chdir("sound")
    assert "1 valid" in call("validate", ".").out
    Path("loracfg.toml").write_text('base = "../none"\n')
    assert "LC005" in call("validate", ".").out


def test_settings_that_came_with_the_adapter_open_no_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir("adapter")
    for text in ('base = "https://127.0.0.1:9/base"', 'base = "hf://org/base"', "online = true"):
        Path("loracfg.toml").write_text(f"{text}\n")
        with EVENTS.recording():
            out = call("validate", ".").out
        assert EVENTS.others == [], text
        assert ("LC005" in out) == ("://" in text)
        assert ("or the file to `--config`" in out) == ("://" in text)


def test_the_settings_say_what_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    BESIDE.write_text("online = true\n")
    monkeypatch.chdir("adapter")
    assert "online false default" in " ".join(call("config").out.split())
    named = " ".join(call("config", "--config", "loracfg.toml").out.split())
    assert "online true loracfg.toml:1:10" in named
