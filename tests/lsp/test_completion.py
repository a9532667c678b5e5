"""Names are completed from the base's own tree, in finished and in broken text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from lsprotocol.types import CompletionItem, Position, TextEdit, WorkspaceEdit

from loracfg.base.architecture import Architecture, Kind
from loracfg.config import CONFIG_NAME
from loracfg.engine.fronts import engine_for
from tests.lsp.editor import Editor, edited_by, place_of
from tests.zoo import CONFIGS

MARK: Final = "|"
TYPES: Final = ("llama", "gpt2", "qwen3_moe", "t5", "bert", "mamba")
IN_LIST: Final = '{{"peft_type": "LORA", "{field}": ["|'
AS_KEY: Final = '{{"peft_type": "LORA", "{field}": {{"|'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bases")
    for name in TYPES:
        folder = root / name
        (folder / "base").mkdir(parents=True)
        config = {"model_type": name, **CONFIGS[name]}
        (folder / "base" / "config.json").write_text(json.dumps(config))
        (folder / "loracfg.toml").write_text('base = "base"\n')
    return root


def tree_of(folder: Path) -> Architecture:
    tree = engine_for(base=str(folder / "base")).open_planned({}).base.architecture
    assert tree is not None
    return tree


def offered(editor: Editor, path: Path, marked: str) -> list[CompletionItem]:
    """Return what is offered at the mark in a text."""
    text = marked.replace(MARK, "", 1)
    uri = editor.open(path, text)
    try:
        return editor.complete(uri, place_of(marked, MARK))
    finally:
        editor.close(uri)


def completed(editor: Editor, path: Path, marked: str, label: str) -> str:
    """Return a text in which one of the offers at the mark was taken."""
    (item,) = (one for one in offered(editor, path, marked) if one.label == label)
    assert isinstance(item.text_edit, TextEdit)
    edit = WorkspaceEdit({"x": [item.text_edit]})
    return edited_by(marked.replace(MARK, "", 1), edit, "x")


def ends(paths: list[str]) -> set[str]:
    return {path.rpartition(".")[2] for path in paths}


@pytest.mark.parametrize("name", TYPES)
def test_names_are_those_of_the_catalogue(editor: Editor, root: Path, name: str) -> None:
    tree = tree_of(root / name)
    path = root / name / CONFIG_NAME
    adapted = ends([p for p, one in tree.modules.items() if one.kind is not Kind.OTHER])
    owning = ends([p for p, one in tree.modules.items() if p and one.parameters])
    for field in ("target_modules", "exclude_modules"):
        found = offered(editor, path, IN_LIST.format(field=field))
        assert {one.label for one in found} == adapted
    for field in ("rank_pattern", "alpha_pattern"):
        found = offered(editor, path, AS_KEY.format(field=field))
        assert {one.label for one in found} == adapted
    found = offered(editor, path, IN_LIST.format(field="modules_to_save"))
    assert {one.label for one in found} == adapted | owning
    for one in found:
        assert one.label in ends(list(tree.modules))


@pytest.mark.parametrize("name", TYPES)
def test_layers_are_those_of_the_base(editor: Editor, root: Path, name: str) -> None:
    path = root / name / CONFIG_NAME
    marked = '{"peft_type": "LORA", "layers_to_transform": [|'
    numbers = {int(one.label) for one in offered(editor, path, marked)}
    paths = tree_of(root / name).modules
    steps = [path.split(".") for path in paths]
    firsts = [next((int(s) for s in one[1:] if s.isdecimal()), None) for one in steps]
    assert numbers == {number for number in firsts if number is not None}
    lists = offered(editor, path, '{"peft_type": "LORA", "layers_pattern": "|')
    assert {one.label for one in lists} <= {step for one in steps for step in one}
    assert lists


def test_parameters_of_experts_are_offered(editor: Editor, root: Path) -> None:
    path = root / "qwen3_moe" / CONFIG_NAME
    found = offered(editor, path, IN_LIST.format(field="target_parameters"))
    assert {"experts.gate_up_proj", "experts.down_proj"} <= {one.label for one in found}
    assert all(one.detail for one in found)


def test_details_say_kind_size_and_count(editor: Editor, root: Path) -> None:
    found = offered(editor, root / "llama" / CONFIG_NAME, '{"target_modules": ["|"]}')
    details = {one.label: one.detail for one in found}
    assert details["q_proj"] == "Linear 32 → 32, 2 layers"
    assert details["embed_tokens"] == "Embedding 96 → 32, 1 layer"


@pytest.mark.parametrize(
    ("marked", "label", "result"),
    [
        ('{"target_modules": ["|"]}', "q_proj", '{"target_modules": ["q_proj"]}'),
        ('{"target_modules": ["q_|"]}', "q_proj", '{"target_modules": ["q_proj"]}'),
        ('{"target_modules": ["k|_proj"]}', "q_proj", '{"target_modules": ["q_proj"]}'),
        ('{"target_modules": ["q_|', "q_proj", '{"target_modules": ["q_proj"'),
        ('{"target_modules": ["q_|]}', "q_proj", '{"target_modules": ["q_proj"]}'),
        ('{"target_modules": [|', "q_proj", '{"target_modules": ["q_proj"'),
        ('{"exclude_modules": ["x", q|]}', "q_proj", '{"exclude_modules": ["x", "q_proj"]}'),
        ('{"target_modules": "|"', "all-linear", '{"target_modules": "all-linear"'),
        ('{"target_modules": |\n', "all-linear", '{"target_modules": "all-linear"\n'),
        ('{"rank_pattern": {"q|', "q_proj", '{"rank_pattern": {"q_proj": '),
        ('{"rank_pattern": {"|": 8}}', "q_proj", '{"rank_pattern": {"q_proj": 8}}'),
        ('{"alpha_pattern": {"x": 1, |}}', "q_proj", '{"alpha_pattern": {"x": 1, "q_proj": }}'),
        ('{"layers_pattern": "|"}', "layers", '{"layers_pattern": "layers"}'),
        ('{"layers_to_transform": [0, |]}', "1", '{"layers_to_transform": [0, 1]}'),
        (
            '{"target_modules": ["self_attn.|"]}',
            "self_attn.q_proj",
            '{"target_modules": ["self_attn.q_proj"]}',
        ),
        ('{"x": "😀", "target_modules": ["|', "q_proj", '{"x": "😀", "target_modules": ["q_proj"'),
        ('{\r\n"target_modules": ["|"]\r\n}', "q_proj", '{\r\n"target_modules": ["q_proj"]\r\n}'),
    ],
)
def test_offers_complete_what_is_typed(
    editor: Editor, root: Path, marked: str, label: str, result: str
) -> None:
    assert completed(editor, root / "llama" / CONFIG_NAME, marked, label) == result


@pytest.mark.parametrize(
    "marked",
    [
        '{"target_modules": ["q_proj"|]}',
        '{"target_modules|": ["q_proj"]}',
        '{"bias": "|"}',
        '{"exclude_modules": "|"}',
        '{"target_modules": "q|"}',  # a pattern must match the whole path
        '{"rank_pattern": {"q_proj": |}}',
        '|{"target_modules": []}',
        '{"target_modules": []}|',
        "|",
        '{"target_modules": [["|"]]}',
    ],
)
def test_names_are_offered_nowhere_else(editor: Editor, root: Path, marked: str) -> None:
    found = offered(editor, root / "llama" / CONFIG_NAME, marked)
    assert "q_proj" not in {one.label for one in found}


def test_names_that_are_there_are_not_offered_again(editor: Editor, root: Path) -> None:
    marked = '{"target_modules": ["q_proj", "|", "v_proj"], "exclude_modules": ["k_proj"]}'
    labels = {one.label for one in offered(editor, root / "llama" / CONFIG_NAME, marked)}
    assert not {"q_proj", "v_proj"} & labels
    assert "k_proj" in labels


def test_the_base_of_an_unfinished_config_is_found(editor: Editor, tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text(json.dumps({"model_type": "llama", **CONFIGS["llama"]}))
    named = json.dumps(str(base))
    marked = f'{{"base_model_name_or_path": {named}, "r": , "target_modules": ["|'
    labels = {one.label for one in offered(editor, tmp_path / CONFIG_NAME, marked)}
    assert "q_proj" in labels


def test_nothing_is_offered_without_a_base(editor: Editor, tmp_path: Path) -> None:
    assert not offered(editor, tmp_path / CONFIG_NAME, '{"target_modules": ["|')


AXOLOTL: Final = "base_model: {base}\nadapter: lora\nlora_r: 8\n"


@pytest.mark.parametrize(
    ("lines", "result"),
    [
        ("lora_target_modules:\n  - |\n", "lora_target_modules:\n  - q_proj\n"),
        ("lora_target_modules:\n- v_proj\n- q|\n", "lora_target_modules:\n- v_proj\n- q_proj\n"),
        ("lora_target_modules: [v_proj, q|]\n", "lora_target_modules: [v_proj, q_proj]\n"),
        ("lora_modules_to_save:\n  - '|'\n", "lora_modules_to_save:\n  - 'q_proj'\n"),
        ("lora_rank_pattern:\n  q|\n", "lora_rank_pattern:\n  q_proj: \n"),
        ("lora_rank_pattern:\n  q|: 3\n", "lora_rank_pattern:\n  q_proj: 3\n"),
    ],
)
def test_names_are_completed_in_files_of_trainers(
    editor: Editor, root: Path, lines: str, result: str
) -> None:
    path, head = root / "llama" / "run.yaml", AXOLOTL.format(base=root / "llama" / "base")
    assert completed(editor, path, head + lines, "q_proj") == head + result


def test_names_are_completed_in_json_of_trainers(editor: Editor, root: Path) -> None:
    path, base = root / "llama" / "run.json", json.dumps(str(root / "llama" / "base"))
    head = f'{{"base_model": {base}, "adapter": "lora", '
    marked = f'{head}"lora_target_modules": ["q|"]}}'
    assert completed(editor, path, marked, "q_proj") == marked.replace("|", "_proj")
    nested = f'{head}"lora_rank_pattern": {{"q|": 8}}}}'
    assert completed(editor, path, nested, "q_proj") == nested.replace("|", "_proj")
    for other in ('"lora_r": |}', '"peft": {"loftq_config": "|"}}', "|"):
        assert not offered(editor, path, f"{head}{other}")


def test_nothing_is_known_of_what_is_not_open(editor: Editor, root: Path) -> None:
    uri = (root / "llama" / "closed.json").as_uri()
    assert editor.complete(uri, Position(0, 0)) == []
    assert editor.hover(uri, Position(0, 0)) is None
    assert editor.lenses(uri) == []


def test_names_are_completed_in_texts_with_commas(editor: Editor, root: Path) -> None:
    head = f"model_name_or_path: {root / 'llama' / 'base'}\nfinetuning_type: lora\nstage: sft\n"
    path = root / "llama" / "factory.yaml"
    result = completed(editor, path, f"{head}lora_target: v_proj,q|\n", "q_proj")
    assert result == f"{head}lora_target: v_proj,q_proj\n"


@pytest.mark.slow
@pytest.mark.parametrize("line", ["lora_target_linear: |", "# lora_target_modules: [|", "|"])
def test_flags_and_comments_get_no_names(editor: Editor, root: Path, line: str) -> None:
    head = AXOLOTL.format(base=root / "llama" / "base")
    found = offered(editor, root / "llama" / "run.yaml", f"{head}{line}\n")
    assert "q_proj" not in {one.label for one in found}
