"""`loracfg base trace --output NAME.facts`, and the file as a base."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.base.remote_code import write_novel
from tests.cli.novel import HIDDEN, LIGHT, Novel, adapter_of, make_novel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def novel(tmp_path_factory: pytest.TempPathFactory) -> Novel:
    return make_novel(tmp_path_factory.mktemp("novel"))


@pytest.fixture(scope="module")
def facts(novel: Novel) -> Path:
    path = novel.base / "novel.facts"
    hidden = HIDDEN.format(name="torch")
    outcome = novel.trace(novel.base, "--trust-remote-code", "--output", path, code=hidden)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert novel.ran.exists()
    return path


def test_the_facts_describe_the_architecture(facts: Path) -> None:
    text = facts.read_text()
    assert "up: Linear(inner, width), bias" in text
    assert "blocks[i < depth]: NovelBlock" in text
    assert str(facts.parent) not in text


@pytest.mark.parametrize("which", ["adapter", "untasked"])
def test_adapters_are_valid_on_facts_without_the_library(
    novel: Novel, facts: Path, which: str
) -> None:
    folder = getattr(novel, which)
    for base in (facts, novel.base):
        outcome = novel.run("validate", folder, "--base", base, "--format", "json", code=LIGHT)
        assert outcome.status == 0, outcome
        adapter = adapter_of(outcome)
        assert (adapter["status"], adapter["not_checked"]) == ("valid", [])
        assert adapter["base"]["class"] == "NovelForCausalLM"
        assert adapter["base"]["library"].startswith("transformers ")


def test_facts_serve_other_configs(novel: Novel, facts: Path, tmp_path: Path) -> None:
    base = write_novel(tmp_path / "base", width=28)
    (base / "some.facts").write_text(facts.read_text())
    outcome = novel.run("validate", novel.adapter, "--base", base, code=LIGHT)
    assert outcome.status == 1
    assert "(84, 4)" in outcome.out


def test_the_message_says_what_is_wrong_with_facts(
    novel: Novel, facts: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "some.facts"
    alone.write_text(facts.read_text().replace("blocks[i < depth]", "blocks[i <]"))
    outcome = novel.run("validate", novel.adapter, "--base", alone, code=LIGHT)
    assert "put the base's `config.json` next to it" in outcome.out
    write_novel(tmp_path)
    outcome = novel.run("validate", novel.adapter, "--base", alone, code=LIGHT)
    assert outcome.status == 2
    assert "some.facts:" in outcome.out
    assert "create it again with `loracfg base trace`" in outcome.out
    (tmp_path / "more.facts").write_text(facts.read_text())
    outcome = novel.run("validate", novel.adapter, "--base", tmp_path, code=LIGHT)
    assert "the folder has several facts files" in outcome.out


def test_facts_need_the_flag_and_code(novel: Novel, tmp_path: Path) -> None:
    output = tmp_path / "x.facts"
    outcome = novel.trace(novel.base, "--output", output)
    assert (outcome.status, outcome.out) == (2, "")
    assert "read that code, then use `--trust-remote-code` to run it" in outcome.err
    assert not novel.ran.exists()
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_type": "llama", "architectures": ["LlamaModel"]}))
    outcome = novel.trace(config, "--output", output)
    assert outcome.status == 2
    assert "write an architecture file, with a name that ends in `.json`" in outcome.err
    assert not output.exists()


def test_the_message_names_what_cannot_be_followed(novel: Novel, tmp_path: Path) -> None:
    base = write_novel(tmp_path / "base")
    code = base / "modeling_novel.py"
    code.write_text(code.read_text().replace("nn.Conv1d(config", "nn.RNNCellBase(config"))
    output = tmp_path / "x.facts"
    outcome = novel.trace(base, "--trust-remote-code", "--output", output)
    assert (outcome.status, outcome.out) == (2, "")
    assert "another library: torch.nn.RNNCellBase in `NovelBlock.__init__`" in outcome.err
    assert "an `--output` that ends in `.json`" in outcome.err
    assert not output.exists()
