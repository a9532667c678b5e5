"""Edge cases of the rules on the config that their pages do not show."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loracfg.rules.hygiene.lc707_gone_base import REMOVED_BASES, RemovedBase
from loracfg.sources.hub.repo_id import parse_id
from loracfg.testing.building.judging import codes, error_codes, judged


def config(**fields: Any) -> str:
    return f"config {json.dumps(fields)}"


def code_of(found: list[str], family: str = "LC3") -> list[str]:
    return [code for code in found if code.startswith(family)]


@pytest.mark.parametrize(
    "targets",
    [
        "['q_proj', 'v_proj']",
        "{'q_proj', 'v_proj'}",
        "('q_proj', 'v_proj',)",
        '["q_proj", "v_proj"]',
        "q_proj,v_proj",
        "q_proj, v_proj",
        "['q_proj']",
        "[q_proj, v_proj]",
        ["q_proj,v_proj"],
        ["'q_proj'", "'v_proj'"],
    ],
)
def test_list_as_text(targets: str | list[str]) -> None:
    report = judged(config(target_modules=targets))
    assert [d.code for d in report.diagnostics] == ["LC320"]
    fix = report.diagnostics[0].fix
    assert fix is not None
    assert set(fix.edits[0].value) <= {"q_proj", "v_proj"}


def test_patterns_with_commas_are_no_list() -> None:
    report = judged(config(target_modules="layers.(0|1).[qv]_proj,.*[qv]_proj"))
    assert "LC320" not in {d.code for d in report.diagnostics}


@pytest.mark.parametrize(
    "pattern",
    [
        r".*\.(q_proj|v_proj)",
        r"model\.layers\.[0-9]{1,2}\.self_attn\.[qv]_proj",
        r"(model\.layers\.0|model\.layers\.1)\.self_attn\.(q_proj|v_proj)",
        "[a-z_.0-9]*[qv]_proj",
    ],
)
def test_pattern_is_not_a_list_as_text(pattern: str) -> None:
    assert codes(config(target_modules=pattern)) == []


@pytest.mark.parametrize("targets", ["q_proj,.*v_proj", ["q_proj,v_proj", "k_prj"], " "])
def test_some_names_are_not_a_list_as_text(targets: str | list[str]) -> None:
    assert codes(config(target_modules=targets)) == ["LC519"]


@pytest.mark.parametrize(("name", "code"), [("proj", "LC519"), ("v_proj", "LC321")])
def test_name_as_pattern_is_the_end_of_a_path(name: str, code: str) -> None:
    assert codes(config(target_modules=name)) == [code]


def test_pattern_that_ends_like_a_path_is_not_a_name() -> None:
    wrapped = "rename q_proj -> q+proj", "drop v_proj", config(target_modules="q+proj")
    assert code_of(codes(*wrapped, "base none")) == []


def test_one_of_several_targets_may_be_odd() -> None:
    assert code_of(codes(config(target_modules=["q_proj", "v_proj", "a,b", "auto"]))) == []


def test_name_that_ends_no_path_is_not_a_name_as_pattern() -> None:
    assert code_of(error_codes(config(target_modules="c_attn"))) == []


@pytest.mark.parametrize("entry", ["auto", "Auto", "default", "all", "none", "all_linear"])
def test_placeholders(entry: str) -> None:
    for targets in (entry, [entry]):
        assert codes(config(target_modules=targets)) == ["LC322"]


def test_module_named_like_a_placeholder() -> None:
    lines = [
        f"rename self_attn.{old} -> self_attn.{new}"
        for old, new in (("q_proj", "linear"), ("v_proj", "default"))
    ]
    found = codes(*lines, config(target_modules=["linear", "default"]), "base none")
    assert code_of(found) == []


@pytest.mark.parametrize("alpha", [float("nan"), float("inf"), float("-inf")])
def test_number_that_is_not_finite_is_one_finding(alpha: float) -> None:
    for fields in ({"lora_alpha": alpha}, {"alpha_pattern": {"q_proj": alpha}}, {"r": alpha}):
        assert codes(config(**fields)) == ["LC017"]


def test_number_that_is_not_finite_in_a_key_that_peft_ignores() -> None:
    assert codes(config(learning_rate=float("nan"))) == ["LC101"]
    assert codes(config(eva_config={"tau": float("nan")})) == ["LC104", "LC330"]


def test_zero_alpha_of_some_modules_counts_them() -> None:
    report = judged(config(lora_alpha=0, alpha_pattern={"q_proj": 8}))
    assert [(d.code, d.count) for d in report.diagnostics] == [("LC323", 2)]


def test_zero_alpha_is_reported_even_if_no_module_is_known() -> None:
    found = judged(config(lora_alpha=0), "drop .", "base none").diagnostics
    assert [(d.code, d.count) for d in found] == [("LC323", 1), ("LC420", 1)]


@pytest.mark.parametrize("fields", [{"alpha_pattern": 5}, {"lora_alpha": "0"}])
def test_zero_alpha_next_to_a_value_of_the_wrong_type(fields: dict[str, Any]) -> None:
    assert codes(config(**{"lora_alpha": 0, **fields})) == ["LC103"]


def test_negative_alpha_is_accepted() -> None:
    assert codes(config(lora_alpha=-8)) == []


def test_zero_alpha_of_a_key_that_no_module_uses() -> None:
    found = codes(config(alpha_pattern={"layers.*proj": 4, "q_proj": 0}))
    assert code_of(found) == ["LC326"]


def test_misspelt_alpha_is_not_also_missing() -> None:
    assert codes('config without "lora_alpha"', config(lora_alfa=32)) == ["LC102"]


@pytest.mark.parametrize(
    ("path", "is_local"),
    [
        ("meta-llama/Llama-3.1-8B", False),
        ("gpt2", False),
        ("/mnt/models/llama", True),
        ("./llama", True),
        ("../llama", True),
        ("~/llama", True),
        ("C:/models/llama", True),
        ("C:\\models\\llama", True),
        ("\\\\server\\share\\llama", True),
        ("outputs/run/merged", True),
        ("s3://bucket/models/llama", False),
        ("https://example.org/models/llama", False),
    ],
)
def test_local_paths(path: str, is_local: bool) -> None:
    found = codes(config(base_model_name_or_path=path))
    assert found == (["LC702"] if is_local else [])


@pytest.mark.parametrize(
    ("named", "given", "is_other"),
    [
        ("org/llama-7b", "org/llama-7b-chat", True),
        ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B", True),
        ("org/llama-7b", "org/llama-70b", True),
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2-7B", True),
        ("gpt2", "openai-community/gpt2", False),
        ("meta-llama/Meta-Llama-3.1-8B", "meta-llama/Llama-3.1-8B", False),
        ("unsloth/meta-llama-3.1-8b-unsloth-bnb-4bit", "meta-llama/Llama-3.1-8B", False),
        ("decapoda-research/llama-7b-hf", "huggyllama/llama-7b", False),
        ("org/llama-7b@v1", "org/llama-7b", False),
        ("Qwen/Qwen3-8B-FP8", "Qwen/Qwen3-8B", False),
        ("/models/mistral", "org/llama-7b", False),
        ("", "org/llama-7b", False),
        ("org/sdxl", "org/sd15", True),
    ],
)
def test_different_bases_by_name(named: str, given: str, is_other: bool) -> None:
    found = codes(config(base_model_name_or_path=named), f'base {{"name": "{given}"}}')
    assert ("LC624" in found) is is_other


_HUB = "/home/me/.cache/huggingface/hub/models--org--llama-7b"


@pytest.mark.parametrize(
    ("named", "folder", "is_other"),
    [
        ("org/llama-7b", f"{_HUB}/snapshots/{'0' * 40}", False),
        ("org/llama-7b", f"{_HUB}/snapshots/{'0' * 40}/config.json", False),
        ("org/llama-7b", f"{_HUB}-chat/snapshots/{'0' * 40}", True),
        ("org/llama-13b", rf"C:\\hub\\models--org--llama-7b\\snapshots\\{'0' * 40}", True),
        (f"{_HUB}-chat/snapshots/{'0' * 40}", f"{_HUB}/snapshots/{'1' * 40}", True),
        (f"{_HUB}/snapshots/{'0' * 40}", f"{_HUB}/snapshots/{'1' * 40}", False),
        ("org/Llama-7B-Instruct-v0.2", "models/llama-7b-v0.2", True),
        ("org/llama-7b", "models/llama-7b-chat/config.json", True),
        ("org/llama-7b", "models/llama-7b", False),
        ("org/llama-7b-chat", "models/my-tuned-llama", False),
        ("org/bert-base-uncased", "bert-uncased", False),
        ("org/gpt-chat", "gpt", False),
        ("org/llama-7b-chat", "models/llama-13b", False),
        ("org/llama-13b-chat", "models/llama-7b", False),
        ("org/llama-7b-chat", "models/llama-7b-chat", False),
        ("org/llama-7b", "base", False),
    ],
)
def test_different_bases_by_folder(named: str, folder: str, is_other: bool) -> None:
    found = codes(config(base_model_name_or_path=named), f'base {{"folder": "{folder}"}}')
    assert ("LC624" in found) is is_other


@pytest.mark.parametrize(("old", "removed"), REMOVED_BASES.items())
def test_removed_bases_have_copies(old: str, removed: RemovedBase) -> None:
    assert parse_id(old)
    assert parse_id(removed.copy)
    assert removed.copy not in REMOVED_BASES
    (found,) = judged(config(base_model_name_or_path=old)).diagnostics
    assert found.code == "LC707"
    assert found.fix
    assert not found.fix.safe
    assert codes(config(base_model_name_or_path=removed.copy)) == []


@pytest.mark.parametrize(("named", "shown"), [(None, "null"), ("", '""')])
def test_bases_without_a_name(named: str | None, shown: str) -> None:
    (found,) = judged(config(base_model_name_or_path=named)).diagnostics
    assert found.code == "LC703"
    assert found.message == f"`base_model_name_or_path` is `{shown}`, so the base is unknown"
    assert "LC703" not in codes("config none")


def test_orthogonal_with_an_odd_rank_that_no_module_has() -> None:
    made = 'made with {"rank_pattern": {"q_proj": 2, "v_proj": 4}}'
    assert codes(made, config(init_lora_weights="orthogonal", r=3)) == []


ORTHOGONAL = config(init_lora_weights="orthogonal")
O_PROJ = (
    'made with {"target_modules": ["q_proj", "v_proj", "o_proj"], "rank_pattern": {"o_proj": 3}}',
    config(target_modules=["q_proj", "v_proj"]),
    ORTHOGONAL,
)
"""An odd rank in a layer that the config does not target, so PEFT does not build it."""


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (('made with {"r": 3}', "base none"), "r"),
        (("drop .", "base none", config(r=3)), "r"),
        (("drop .", config(r=3)), "r"),
        (('made with {"rank_pattern": {"q_proj": 3}}', "base none"), "rank_pattern"),
        (('made with {"rank_pattern": {"q_proj": 5}}', config(modules_to_save=["yers"])), None),
        (('made with {"r": 3}', "base none", 'config {"rank_pattern": {"v_proj": 4}}'), "r"),
    ],
)
def test_orthogonal_with_an_odd_rank(lines: tuple[str, ...], field: str | None) -> None:
    (found,) = (d for d in judged(*lines, ORTHOGONAL).diagnostics if d.code == "LC314")
    assert [r.location.pointer for r in found.related] == [f"/{field or 'rank_pattern'}"]
    assert found.fix
    assert found.fix.safe


@pytest.mark.parametrize(
    "lines",
    [
        O_PROJ,
        (*O_PROJ, config(modules_to_save=["yers"])),  # PEFT raises a different error
        (*O_PROJ, config(trainable_token_indices=[1]), 'base {"hides_embeddings": true}'),
        (config(r=3, rank_pattern=5), ORTHOGONAL),
        ('made with {"r": 3, "target_modules": ["embed_tokens"]}', ORTHOGONAL, "base none"),
        ("drop .", config(r=3, rank_pattern={"q_proj": 4}), ORTHOGONAL, "base none"),
        (
            *('made with {"r": 3, "target_modules": ["q_proj"]}', ORTHOGONAL, "base none"),
            *("reshape lora_A -> [3, 16, 1]", "reshape lora_B -> [24, 3, 1]"),
        ),
    ],
)
def test_orthogonal_without_an_odd_rank_to_initialise(lines: tuple[str, ...]) -> None:
    assert "LC314" not in codes(*lines)


def test_each_unknown_key_is_a_finding() -> None:
    report = judged(config(lr=1e-4, epochs=3))
    found = {(d.code, d.location.pointer) for d in report.diagnostics}
    assert found == {("LC101", "/lr"), ("LC101", "/epochs")}


def test_conflict_points_to_the_fields_that_are_set() -> None:
    report = judged(config(target_modules=".*[qv]_proj", layers_to_transform=[0]))
    (diagnostic,) = report.diagnostics
    assert diagnostic.location.pointer == "/layers_to_transform"
    assert [r.location.pointer for r in diagnostic.related] == ["/target_modules"]
