"""`loracfg plan` and `loracfg base targets`, as users call them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import pytest

import loracfg
from loracfg.cli.config_options import FIELDS
from loracfg.cli.plan import plan as plan_command
from loracfg.config.history.field_table import DEFAULTS
from loracfg.config.schema.schema_files import PLAN
from loracfg.document.json_document import MAX_BYTES
from loracfg.engine.saved_adapter import BASE_DTYPES
from loracfg.errors import LoracfgError
from loracfg.training.optimizers import OPTIMIZERS
from loracfg.training.quantised_base import QUANTIZATIONS
from tests.cli.running import Outcome, call, write_adapter, write_base
from tests.schema.reading import errors, validator

OPTIONS = ("--r", "4", "--target-modules", "q_proj,v_proj")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")


def data(outcome: Outcome) -> Any:
    """Return the JSON of a plan, which is valid against its schema."""
    found = json.loads(outcome.out)
    assert errors(validator(PLAN), found) == []
    return found


@pytest.mark.parametrize(
    ("option", "known"),
    [("dtype", BASE_DTYPES), ("optimizer", OPTIMIZERS), ("quantization", QUANTIZATIONS)],
)
def test_choices_are_those_of_the_library(option: str, known: Iterable[str]) -> None:
    (found,) = (one for one in plan_command.params if one.name == option)
    assert isinstance(found.type, click.Choice)
    assert [*found.type.choices] == [*known]


def test_options_make_a_config(base: Path) -> None:
    found = data(call("plan", "--base", base, *OPTIONS, "--format", "json"))
    assert found["status"] == "valid"
    assert [(one["name"], one["modules"]) for one in found["targets"]] == [
        ("q_proj", 2),
        ("v_proj", 2),
    ]
    assert found["tensors"] == 8
    assert found["config"] == "(options)"


def test_folder_with_weights_is_planned_like_its_config(base: Path, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter")
    config = folder / "adapter_config.json"
    plans = [
        data(call("plan", named, "--base", base, "--format", "json")) for named in (folder, config)
    ]
    assert plans[0] == plans[1]
    (folder / "adapter_model.safetensors").unlink()
    assert data(call("plan", folder, "--base", base, "--format", "json")) == plans[0]


def test_config_on_standard_input(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"peft_type": "LORA", "target_modules": ["q_prj"]}'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    outcome = call("plan", "-", "--base", base)
    assert outcome.status == 1
    assert "LC601" in outcome.out


def test_misspelt_name_is_an_error_with_its_place(base: Path, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", 'config {"target_modules": ["q_proj", "v_prj"]}')
    outcome = call("plan", folder, "--base", base)
    assert outcome.status == 1
    assert "error[LC629] name-matches-nothing: `v_prj` in `target_modules`" in outcome.out
    assert "adapter_config.json:" in outcome.out
    assert "write `v_proj`" in outcome.out
    assert call("plan", folder, "--base", base, "--ignore", "LC629").status == 0


@pytest.mark.parametrize(
    ("option", "name", "advice"),
    [
        ("--layers-pattern", "layer", "write `layers`, or remove it"),
        (
            "--target-parameters",
            "q_proj.weigth",
            "write `q_proj.weight` (or `v_proj.weight` or `o_proj.weight`), or remove it",
        ),
        ("--target-parameters", "zzz", "remove it"),
        ("--exclude-modules", "zzz", "remove it"),
    ],
)
def test_misspelt_names_in_other_fields(option: str, name: str, advice: str, base: Path) -> None:
    more = ("--layers-to-transform", "0") if option == "--layers-pattern" else ()
    found = call("plan", "--base", base, *OPTIONS, option, name, *more).out
    assert f"name-matches-nothing: `{name}` in `{option[2:].replace('-', '_')}` matches" in found
    assert f"= help: {advice}\n" in found


def test_what_can_be_targeted(base: Path) -> None:
    asked = call("plan", "--base", base, "--target-modules", "?")
    assert asked.status == 0
    assert asked.out == call("base", "targets", base).out
    assert "q_proj" in asked.out
    found = json.loads(call("base", "targets", base, "--format", "json").out)
    named = {one["name"]: one for one in found["modules"]}
    assert named["q_proj"]["modules"] == 2
    assert named["q_proj"]["is_linear"]
    assert not named["lm_head"]["is_linear"]
    assert "norm" in found["saved"]


def test_targets_without_a_base() -> None:
    outcome = call("base", "targets", "missing")
    assert outcome.status == 2
    assert "missing" in outcome.err
    assert "pass the folder with its `config.json`" in outcome.err
    assert "--base" not in outcome.err


def test_targets_of_a_class_that_does_not_exist(base: Path) -> None:
    outcome = call("base", "targets", base, "--class", "Nope")
    assert (outcome.status, outcome.out) == (2, "")
    assert "`Nope`" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "there is no config"),
        (("adapter", "--lora-alpha", "4"), "`adapter` and `--lora-alpha` are both given"),
        (("missing.yaml",), "missing.yaml"),
        (("--r", "x"), "cannot be read"),
        (("--layers-to-transform", "a"), "not a list of numbers"),
        (("--optimizer", "adam"), "adam"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], said: str) -> None:
    outcome = call("plan", *arguments)
    assert outcome.status == 2
    assert said in outcome.err


def test_yaml_that_is_no_trainer_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: 1\n")
    outcome = call("plan", tmp_path / "x.yaml")
    assert outcome.status == 2
    assert "x.yaml" in outcome.err


def test_without_a_base_the_plan_is_undetermined() -> None:
    found = data(call("plan", *OPTIONS, "--format", "json"))
    assert found["status"] == "undetermined"
    assert found["tensors"] is None
    assert call("plan", *OPTIONS, "--strict").status == 1


def test_folder_without_a_config(base: Path, tmp_path: Path) -> None:
    (write_adapter(tmp_path / "a") / "adapter_config.json").unlink()
    outcome = call("plan", tmp_path / "a", "--base", base)
    assert outcome.status == 2
    assert "/a` has no `adapter_config.json`; pass a config, or options such as `--r" in outcome.err


def test_closed_standard_input(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    outcome = call("plan", "-", "--base", base)
    assert outcome.status == 2
    assert "standard input is closed; redirect a config to it" in outcome.err


@pytest.mark.parametrize("name", ["x.json", "x.yaml", "x"])
def test_file_that_is_too_large(name: str, base: Path, tmp_path: Path) -> None:
    with (tmp_path / name).open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    outcome = call("plan", tmp_path / name, "--base", base)
    assert outcome.status == 2
    assert f"/{name}` is too large for a config; pass a config" in outcome.err


def test_base_that_does_not_exist(tmp_path: Path) -> None:
    assert call("plan", "--base", tmp_path / "none", *OPTIONS).status == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("q_proj", ["q_proj"]),
        ("q_proj, v_proj", ["q_proj", "v_proj"]),
        ("q_proj,,v_proj,", ["q_proj", "v_proj"]),
        (",", ","),
        ("all-linear", "all-linear"),
        (r".*\.(q|v)_proj", r".*\.(q|v)_proj"),
        ('["q_proj"]', ["q_proj"]),
        ('"q_proj"', "q_proj"),
    ],
)
def test_texts_of_targets(text: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    def keep(values: dict[str, object]) -> None:
        given.update(values)
        raise AssertionError

    monkeypatch.setattr("loracfg.training.source_reading.source_of_options", keep)
    with pytest.raises(AssertionError):
        _planned_values("--target-modules", text)
    assert given == {"target_modules": value}


def _planned_values(*arguments: str) -> None:
    from loracfg.cli import loracfg as command

    command(["plan", *arguments], standalone_mode=False)


def test_every_field_that_people_set_has_an_option(base: Path) -> None:
    help_text = call("plan", "--help").out
    assert all(f"--{name.replace('_', '-')}" in help_text for name in FIELDS)
    assert {*FIELDS} < {*DEFAULTS}
    assert "of LoraConfig." not in help_text
    assert "Fraction of the input that is zeroed" in help_text


def test_options_of_every_kind(base: Path) -> None:
    found = data(
        call(
            *("plan", "--base", base, *OPTIONS, "--use-rslora", "--lora-alpha", "16"),
            *("--rank-pattern", '{"v_proj": 8}', "--modules-to-save", "norm"),
            *("--layers-to-transform", "0", "--bias", "none", "--init-lora-weights", "false"),
            *("--task-type", "CAUSAL_LM", "--format", "json"),
        )
    )
    assert found["status"] == "valid"
    assert found["modules"] == 2
    assert found["others"] == [{"what": "saved modules", "parameters": 80}]
    assert {one["rank"] for one in found["groups"] if one["rank"]} == {4, 8}


def test_engine_that_refuses_the_result(base: Path) -> None:
    outcome = call("plan", "--base", base, *OPTIONS, "--use-dora", "--for", "vllm==0.33")
    assert outcome.status == 1
    assert "LC801" in outcome.out
    assert "vLLM 0.33: raises" in outcome.out


@pytest.mark.parametrize("engine", ["vllm==0.33", "sglang", "llama.cpp"])
@pytest.mark.parametrize("config", [OPTIONS, ("--r", "8")])
def test_engines_are_not_asked_about_a_plan_that_is_not_known(
    engine: str, config: tuple[str, ...]
) -> None:
    outcome = call("plan", *config, "--for", engine, "--format", "json")
    found = json.loads(outcome.out)
    assert (outcome.status, found["status"], found["diagnostics"]) == (0, "undetermined", [])
    assert "the plan does not say what will be saved" in {
        one["why"] for one in found["not_checked"]
    }


def test_release_that_refuses_the_result(base: Path) -> None:
    outcome = call("plan", "--base", base, *OPTIONS, "--use-dora", "--peft", "0.8.0")
    assert outcome.status == 1
    assert "LC201" in outcome.out or "LC202" in outcome.out


def test_page_has_the_picture(base: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    assert call("plan", "--base", base, *OPTIONS, "--format", "html", "--output", file).status == 0
    text = file.read_text()
    assert "modules by layer" in text
    assert "optimizer states" in text
    assert "not adapted" in text


def test_memory_by_quantisation(base: Path) -> None:
    sizes = [
        data(call("plan", "--base", base, *OPTIONS, "--quantization", q, "--format", "json"))
        for q in ("none", "8bit", "4bit")
    ]
    bases = [one["memory"]["base"] for one in sizes]
    assert bases == sorted(bases, reverse=True)
    assert len({one["memory"]["adapter"] for one in sizes}) == 1


def test_library(base: Path) -> None:
    config = loracfg.LoraConfig(r=4, target_modules=["q_proj"])
    values = {"r": 4, "target_modules": {"q_proj"}}
    plans = [loracfg.plan(one, base=base, isolated=False) for one in (config, values)]
    assert plans[0].sizes == plans[1].sizes
    nested = {"r": 4, "target_modules": ("q_proj",), "rank_pattern": {"q_proj": 8}}
    assert loracfg.plan(nested, base=base).sizes == loracfg.plan(values | {"r": 8}, base=base).sizes
    with pytest.raises(LoracfgError, match="optimizer"):
        loracfg.plan(config, base=base, optimizer="none")
    with pytest.raises(LoracfgError, match="quantization"):
        loracfg.plan(config, base=base, quantization="2bit")
    with pytest.raises(LoracfgError, match="dtype"):
        loracfg.plan(config, base=base, dtype="int8")
    with pytest.raises(LoracfgError, match="cannot have"):
        loracfg.plan({"r": object()}, base=base)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"r": "x"}', '{"peft_type": "IA3"}', '{"r": 1e999}']
)
def test_any_text_is_answered(text: str, base: Path, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(text)
    outcome = call("plan", tmp_path / "adapter_config.json", "--base", base, "--format", "json")
    assert outcome.status in (0, 1, 2)
    assert data(outcome)["tensors"] is None
