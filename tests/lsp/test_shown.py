"""What an editor shows besides findings: hints, hovers, lenses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.config.history.all_fields import FIELDS
from loracfg.config.history.field_words import field_words
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.testing.llama import BASE, llama
from tests.cli.running import write_adapter, write_base
from tests.lsp.editor import Editor, place_of

CONFIG: Final[dict[str, Any]] = {
    "target_modules": ["q_proj", "self_attn.v_proj", "nothing"],
    "exclude_modules": ["layers.1.self_attn.q_proj"],
    "rank_pattern": {"v_proj": 2, "up_proj": 3},
    "modules_to_save": ["norm"],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shown")
    write_base(root / "base")
    (root / "loracfg.toml").write_text('base = "base"\nfor = ["vllm==0.33"]\n')
    write_adapter(root / "a", f"config {json.dumps(CONFIG)}")
    write_adapter(root / "fits")
    return root


def text_of(root: Path, name: str = "a") -> str:
    return (root / name / CONFIG_NAME).read_text()


def line_with(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.split("\n")) if part in line)


@pytest.mark.slow
def test_hints_count_the_modules_of_each_entry(editor: Editor, root: Path) -> None:
    text = text_of(root)
    uri = editor.open(root / "a" / CONFIG_NAME)
    hints = editor.hints(uri)
    wanted = {
        '    "q_proj"': "1 module",
        '    "self_attn.v_proj"': "2 modules",
        '    "nothing"': "0 modules",
        '    "layers.1.self_attn.q_proj"': "1 module",
        '    "v_proj": 2': "2 modules",
        '    "up_proj": 3': "0 modules",
        '    "norm"': "5 modules",  # each whose path ends with these letters
    }
    assert hints == {line_with(text, part): label for part, label in wanted.items()}
    editor.close(uri)


@pytest.mark.parametrize(
    ("config", "label"),
    [
        ({"target_modules": "all-linear"}, "14 modules"),
        ({"target_modules": r".*\.(q|v)_proj"}, "4 modules"),
        ({"target_modules": "nothing"}, "0 modules"),
        ({"target_modules": "all-linear", "exclude_modules": ".*[.]mlp[.].*"}, "8 modules"),
    ],
)
def test_hints_count_the_modules_of_a_text(
    editor: Editor, root: Path, config: dict[str, Any], label: str
) -> None:
    text = json.dumps({"peft_type": "LORA", "r": 4, **config}, indent=1)
    uri = editor.open(root / "a" / CONFIG_NAME, text)
    hints = editor.hints(uri)
    assert hints.pop(line_with(text, "target_modules")) == label
    assert [*hints.values()] == ["6 modules"] * ("exclude_modules" in config)
    editor.close(uri)


def test_parameters_are_counted_as_such(editor: Editor, root: Path) -> None:
    config = {"target_parameters": ["q_proj.weight", "x.weight"], "target_modules": []}
    text = json.dumps({"peft_type": "LORA", "r": 4, **config}, indent=1)
    uri = editor.open(root / "a" / CONFIG_NAME, text)
    line = line_with(text, "q_proj.weight")
    assert editor.hints(uri) == {line: "2 parameters", line + 1: "0 parameters"}
    found = editor.hover(uri, place_of(text, "q_proj.weight", 2))
    assert found is not None
    assert found.startswith("Selects 2 parameters.\n\n`model.layers.0.self_attn.q_proj.weight` …")
    editor.close(uri)


def test_only_some_of_many_combinations_are_shown(editor: Editor, root: Path) -> None:
    names = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    ranks = {name: number + 1 for number, name in enumerate(names)}
    config = {"peft_type": "LORA", "target_modules": "all-linear", "rank_pattern": ranks}
    text = json.dumps(config)
    uri = editor.open(root / "a" / CONFIG_NAME, text)
    found = editor.hover(uri, place_of(text, "all-linear", 2))
    assert found is not None
    shown = found.count("Rank ")
    assert 1 < shown < len(names)
    assert f"And {len(names) - shown} other combination" in found
    editor.close(uri)


def test_hints_count_the_modules_of_each_layer(editor: Editor, root: Path) -> None:
    config = {"target_modules": ["q_proj", "o_proj"], "layers_to_transform": [1]}
    text = json.dumps({"peft_type": "LORA", "r": 4, **config}, indent=1)
    uri = editor.open(root / "a" / CONFIG_NAME, text)
    hints = editor.hints(uri)
    assert hints[line_with(text, "q_proj")] == "1 module"
    assert hints[line_with(text, "layers_to_transform") + 1] == "2 modules"
    editor.close(uri)


def test_hovers_say_what_an_entry_selects(editor: Editor, root: Path) -> None:
    text = text_of(root)
    uri = editor.open(root / "a" / CONFIG_NAME)
    found = editor.hover(uri, place_of(text, '"self_attn.v_proj"', 3))
    assert found is not None
    assert "Selects 2 modules" in found
    assert "`v_proj`: Linear 16 → 12, 2 layers" in found
    assert "Rank 2, alpha 8, scale 4.0" in found
    assert "`model.layers.0.self_attn.v_proj` … `model.layers.1.self_attn.v_proj`" in found
    pattern = editor.hover(uri, place_of(text, '"v_proj": 2', 3))
    assert pattern is not None
    assert pattern.startswith("Sets the rank of 2 modules.")
    dead = editor.hover(uri, place_of(text, '"nothing"', 3))
    assert dead is not None
    assert "The base has none" in dead
    editor.close(uri)


def test_hovers_explain_fields_in_broken_text_too(editor: Editor, root: Path) -> None:
    text = '{"peft_type": "LORA", "lora_alpha": , "target_mod'
    uri = editor.open(root / "a" / CONFIG_NAME, text)
    found = editor.hover(uri, place_of(text, "lora_alpha", 2))
    assert found is not None
    assert found.startswith("**lora_alpha**: since PEFT 0.0.1; default `8`")
    assert "default `null` before 0.4.0" in found
    assert editor.hover(uri, place_of(text, "target_mod", 2)) is None
    editor.close(uri)


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_has_words(name: str) -> None:
    words = field_words(name)
    assert words.startswith(f"**{name}**: since PEFT ")
    assert (FIELDS[name].description or "nothing") in words
    assert "PydanticUndefined" not in words
    assert "object at" not in words


def test_lenses_give_the_verdict(editor: Editor, root: Path) -> None:
    uri = editor.open(root / "fits" / CONFIG_NAME)
    plan = build_plan_of_examples()
    parameters = sum(a * b for a, b in plan)
    status, coverage, size, *rest = editor.lenses(uri)
    assert status == "valid"
    assert coverage == f"{len(plan)} of {len(plan)} tensors apply to LlamaForCausalLM. Scale 2.0."
    assert size == f"{parameters:,} parameters, {parameters * 4 / 1024:,.1f} KiB"
    assert any(one.startswith("Loads in PEFT ") for one in rest)
    assert any(one.startswith("vLLM 0.33") for one in rest)
    editor.close(uri)


@pytest.mark.parametrize(
    ("name", "size"), [("fits", ["8 tensors, not compared with LlamaForCausalLM."]), ("new", [])]
)
def test_lenses_of_a_broken_config_name_no_engine(
    editor: Editor, root: Path, name: str, size: list[str]
) -> None:
    uri = editor.open(root / name / CONFIG_NAME, "{")
    status, *rest = editor.lenses(uri)
    assert status == "invalid"
    assert rest[: len(size)] == size
    assert not any("loads" in one for one in rest)
    editor.close(uri)


def build_plan_of_examples() -> list[tuple[int, int]]:
    """Return the shapes of the tensors of the example without changes, from its plan."""
    from loracfg.config.model.lora_config import LoraConfig
    from loracfg.testing.building.examples import CONFIG as EXAMPLE

    plan = build_plan(LoraConfig.model_validate(EXAMPLE), llama(BASE), PatternBudget())
    return [(shape[0], shape[1]) for shape in plan.shapes.values()]


def test_files_of_trainers_show_what_they_train(editor: Editor, root: Path) -> None:
    text = (
        f"base_model: {root / 'base'}\nadapter: lora\nlora_r: 4\nlora_alpha: 8\n"
        "lora_target_modules:\n  - q_proj\n  - k_porj\n"
    )
    uri = editor.open(root / "run.yaml", text)
    codes = {one.code: one.range for one in editor.diagnostics(uri)}
    assert codes["LC629"].start == place_of(text, "k_porj")
    assert editor.hints(uri) == {5: "2 modules", 6: "0 modules"}
    found = editor.hover(uri, place_of(text, "lora_alpha", 2))
    assert found is not None
    assert found.startswith("**lora_alpha** of axolotl: sets `lora_alpha`")
    assert any(one.startswith("Trains ") for one in editor.lenses(uri))
    editor.close(uri)


@pytest.mark.slow
def test_other_files_are_left_alone(editor: Editor, root: Path) -> None:
    uri = editor.open(root / "other.yaml", "a: 1\n")
    assert editor.lenses(uri) == []
    assert editor.hints(uri) == {}
    assert editor.hover(uri, place_of("a: 1", "a")) is None
    assert uri not in editor.published
    editor.close(uri)
