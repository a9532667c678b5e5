"""Naming engines, versions and limits, and what is said of what nobody has tried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg import Engine, LoracfgError, LoraConfig, Options, validate
from loracfg.adapter.directory import read_adapter
from loracfg.analysis.planning import plan_adapter
from loracfg.analysis.serving import served_adapter
from loracfg.base.search import ResolvedBase
from loracfg.planning.patterns import PatternBudget
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.verdict import Verdict, judge, reason
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from tests.cli.running import call, write_adapter, write_base
from tests.runtimes.older import LMDEPLOY
from tests.runtimes.patterns import text_pattern

BASE = "base {}"


def verdict(runtime: str, *lines: str) -> Verdict:
    """Return the verdict on an example, without a base unless a line gives one."""
    files, base = build(lines)
    adapter = read_adapter(files)
    given = base if any(line.startswith("base {") for line in lines) else None
    made = plan_adapter(adapter, given, PatternBudget())
    return judge(served_adapter(adapter, made, ResolvedBase(made.base)), [find_runtime(runtime)])[0]


def reasons(found: Verdict) -> list[str]:
    return [reason(found, fact) for fact in found.facts]


def test_unknowns_are_omitted_if_the_engine_rejects() -> None:
    unknown = verdict("vllm==99")
    assert (unknown.answer, unknown.unknown) == ("unknown", (unknown.runtime.untried,))
    refused = verdict("vllm==99", 'made with {"use_dora": true}')
    assert (refused.answer, refused.unknown) == ("raises", ())


def test_ignored_rslora_shows_its_factor() -> None:
    made = 'made with {"use_rslora": true, "r": 64}'
    assert verdict("sglang", made).factors == pytest.approx((1 / 8, 1 / 8))
    (found,) = (d for d in judged(made, "for sglang").diagnostics if d.code == "LC802")
    assert "its scale is `0.125` times PEFT's" in found.message
    assert found.location.pointer == "/use_rslora"


def test_scales_are_known_without_the_prefix_of_names() -> None:
    bare = r"rename ^base_model\.model\. ->"
    assert verdict("sglang", 'made with {"use_rslora": true}', bare).factors == (0.5, 0.5)
    assert verdict("diffusers", 'made with {"lora_alpha": 4}', bare).factors is None


def test_settings_that_keep_the_scale_are_not_reported() -> None:
    assert verdict("sglang", 'made with {"use_rslora": true, "r": 1}').answer == "loads"
    assert verdict("sglang", 'made with {"alpha_pattern": {"v_proj": 8}}').answer == "loads"
    assert verdict("vllm==0.31", 'made with {"alpha_pattern": {"v_proj": 8}}').answer == "loads"
    same = 'made with {"rank_pattern": {"v_proj": 2}, "alpha_pattern": {"v_proj": 4}}'
    assert verdict("tgi", same).factors == pytest.approx((0.5, 1))


@pytest.mark.parametrize(
    ("rank", "factors"), [(1, (1 / 8, 1)), (4, (0.5, 1)), (20, (20 / 32, 1)), (8, None), (32, None)]
)
@pytest.mark.parametrize("engine", ["tgi", "lorax"])
def test_padded_ranks_show_their_factors(
    engine: str, rank: int, factors: tuple[float, float] | None
) -> None:
    found = verdict(engine, f'made with {{"r": {rank}}}', BASE)
    assert found.factors == (None if factors is None else pytest.approx(factors))
    assert found.answer == ("differs" if factors else "loads")


def test_kind_of_module_is_scaled_by_the_previous_rank() -> None:
    made = 'made with {"r": 16, "lora_alpha": 16, "rank_pattern": {"v_proj": 32}}'
    assert verdict("tgi", made, BASE).factors == pytest.approx((1, 2))
    smaller = 'made with {"r": 20, "lora_alpha": 16, "rank_pattern": {"q_proj": 4}}'
    assert verdict("tgi", smaller, BASE).factors == pytest.approx((4 / 20, 20 / 8))


def test_first_kind_of_module_is_scaled_by_its_own_rank() -> None:
    assert (
        verdict("tgi", 'made with {"r": 4, "target_modules": ["q_proj"]}', BASE).answer == "loads"
    )


def test_diffusers_scales_by_one_without_metadata() -> None:
    assert verdict("diffusers", 'made with {"lora_alpha": 1}').factors == pytest.approx((4, 4))
    assert verdict("diffusers", 'made with {"lora_alpha": 4}').answer == "loads"
    metadata = r'metadata {"lora_adapter_metadata": "{\"r\": 4, \"lora_alpha\": 1}"}'
    bare = r"rename ^base_model\.model\. ->"
    assert verdict("diffusers", 'made with {"lora_alpha": 1}', bare, metadata).answer == "loads"
    prefixed = verdict("diffusers", 'made with {"lora_alpha": 1}', metadata)
    assert prefixed.answer == "raises"  # its keys would need the prefix too


def test_limits_can_be_set() -> None:
    made = 'made with {"r": 32}'
    assert verdict("vllm==0.33", made).answer == "raises"
    assert verdict("vllm==0.33,max_lora_rank=64", made).answer == "loads"
    (found,) = (d for d in judged(made, "for vllm==0.33").diagnostics if d.code == "LC801")
    assert "the largest config rank is `32`, above the `max_lora_rank` of `16`" in found.message
    assert verdict("sglang", made).answer == "loads"  # without a limit unless one is given
    assert verdict("sglang,max_lora_rank=16", made).answer == "raises"


def test_limits_can_be_words() -> None:
    assert verdict("vllm,lora_target_modules=q_proj+v_proj").answer == "loads"
    assert verdict("vllm,lora_target_modules=qkv_proj+o_proj").answer == "loads"
    assert verdict("vllm,lora_target_modules=o_proj").answer == "differs"
    found = verdict(
        "sglang,lora_target_modules=qkv_proj", 'made with {"target_modules": ["o_proj"]}'
    )
    assert reasons(found) == [
        "raises `is incompatible with the current LoRA memory pool configuration`: it adapts "
        "`o_proj`"
    ]


def test_newer_and_older_versions_are_unknown() -> None:
    assert verdict("vllm==0.99").answer == "unknown"
    assert verdict("vllm==0.9").answer == "unknown"
    assert verdict("llama.cpp==0.4").answer == "unknown"
    assert verdict("transformers==5.1").answer == "unknown"
    assert verdict("transformers==4.57.3").answer == "loads"
    assert verdict("vllm==0.99", 'made with {"use_dora": true}').answer == "raises"


def test_ranks_capped_by_decompositions_do_not_differ() -> None:
    made = 'made with {"r": 17, "init_lora_weights": "olora"}'
    assert [fact.when for fact in verdict("vllm==0.31", made).facts] == [
        ("largest_rank > max_lora_rank",),
        ("changed_base",),
    ]


def test_untried_features_are_unknown() -> None:
    found = verdict("sglang", 'made with {"kasa_config": {}}')
    assert found.answer == "unknown"
    assert found.unknown == ("KaSA",)


@pytest.mark.parametrize("variant", ["kasa_config", "monteclora_config", "velora_config"])
def test_vllm_rejects_tensors_of_variants(variant: str) -> None:
    assert verdict("vllm", f'made with {{"{variant}": {{}}}}').answer == "raises"


@pytest.mark.parametrize("config", [None, "{", "[]", "{}", '{"peft_type": "LOHA", "r": 4}'])
@pytest.mark.parametrize("has_base", [False, True])
def test_nothing_is_said_about_what_has_no_lora_config(
    config: str | None, has_base: bool, tmp_path: Path
) -> None:
    adapter = write_adapter(tmp_path / "a")
    path = adapter / "adapter_config.json"
    path.unlink()
    if config is not None:
        path.write_text(config)
    options = Options(
        base=str(write_base(tmp_path / "base")) if has_base else None, runtimes=("vllm", "sglang")
    )
    (report,) = validate(adapter, options).adapters
    assert report.status != "valid"
    assert not [one for one in report.diagnostics if one.code.startswith("LC80")]
    gaps = {one.what: one.why for one in report.not_checked}
    shown = [find_runtime(name).shown for name in ("vllm", "sglang")]
    assert {gaps[f"what {name} does"] for name in shown} == {"there is no LoRA config to read"}


@pytest.mark.parametrize("runtime", ["vllm", "sglang", "llama.cpp", "diffusers"])
def test_nothing_is_said_about_tensors_that_were_not_given(runtime: str) -> None:
    config = LoraConfig(r=4, target_modules=["q_proj"], base_model_name_or_path="a/b")
    report = Engine(Options(runtimes=(runtime,))).open_config(config).report
    assert (report.status, [d.code for d in report.diagnostics]) == ("undetermined", ["LC333"])
    whys = {one.what: one.why for one in report.not_checked}
    assert whys[f"what {find_runtime(runtime).shown} does"] == "only the config was given"


def test_answers_that_need_the_base_are_unknown_without_it() -> None:
    head = 'made with {"target_modules": ["lm_head"]}'
    found = verdict("llama.cpp", head)
    assert found.answer == "unknown"
    assert found.unknown == (
        "whether the base ties its head to its embeddings (pass the base with `--base`)",
        "whether the base is a model other than `GemmaForCausalLM`, `Gemma2ForCausalLM` "
        "(pass the base with `--base`)",
    )
    assert verdict("llama.cpp", head, 'base {"tied": true}').answer == "raises"
    assert verdict("llama.cpp", head, BASE).answer == "loads"


@pytest.mark.parametrize("engine", ["vllm", "sglang", "llama.cpp", "lmdeploy"])
def test_assumptions_without_the_base(engine: str) -> None:
    others = {
        "sglang": ('made with {"target_modules": ["v_proj", "q_proj"]}',),
        "lmdeploy": LMDEPLOY,
    }
    lines = others.get(engine, ())
    alone, served = verdict(engine, *lines), verdict(engine, *lines, BASE)
    assert (alone.answer, served.answer) == ("loads", "loads")
    assert alone.assumed == ("it supports adapters on the base (pass the base with `--base`)",)
    assert served.assumed == ()


def test_base_is_not_mentioned_without_a_hint() -> None:
    assert verdict("vllm").unknown == ()  # some model types cannot be served with LoRA
    assert verdict("ollama==0.34.0", 'made with {"target_modules": ["v_proj"]}').unknown == ()


@pytest.mark.parametrize("chosen", ["[0]", "[0, 1]"])
def test_layers_to_transform_are_a_hint(chosen: str) -> None:
    made = f'made with {{"r": 8, "layers_to_transform": {chosen}}}'
    assert verdict("tgi", made).answer == "unknown"
    assert verdict("tgi", made, BASE).answer == ("differs" if chosen == "[0]" else "loads")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("{}", "loads"), ('{"<x>": 31}', "loads"), ('{"<x>": 32}', "raises"), ('["<x>"]', "unknown")],
)
def test_added_tokens_are_compared_with_the_vocabulary(text: str, answer: str) -> None:
    tokens = f"file added_tokens.json {text}"
    assert verdict("sglang", tokens, BASE).answer == answer
    assert verdict("sglang", tokens).answer == ("loads" if text == "{}" else "unknown")
    assert verdict("vllm", tokens, BASE).answer == "loads"


def test_fully_saved_head_has_no_bias_of_the_base() -> None:
    head = "base_model.model.score"
    lines = (f"tensor {head}.weight F32 [2, 16]", f"tensor {head}.bias F32 [2]")
    assert [fact.when for fact in verdict("sglang", *lines).facts] == [("saved_head",)]
    assert [fact.when for fact in verdict("sglang", lines[1]).facts] == [("saved_biases",)]


@pytest.mark.parametrize(
    ("module", "answer"),
    [
        ("layers.0.self_attn.q_proj.base_layer", "differs"),
        ("layers.0.self_attn.k_proj", "raises"),  # lora/utils.py:368, in the first batch
        ("layers.1.input_layernorm", "raises"),
        ("norm", "differs"),
    ],
)
def test_sglang_on_biases_of_modules_without_factors(module: str, answer: str) -> None:
    bias = f"tensor base_model.model.model.{module}.bias F32 [16]"
    assert verdict("sglang", bias, BASE).answer == answer


def test_llama_cpp_crashes_on_factors_of_a_tied_embedding() -> None:
    lines = 'made with {"target_modules": ["embed_tokens"]}', 'base {"tied": true}'
    assert verdict("llama.cpp", *lines).answer == "raises"
    assert verdict("llama.cpp", lines[0], BASE).answer == "loads"


def test_engine_is_judged_by_its_pinned_peft() -> None:
    found = verdict("lmdeploy==0.6", BASE)
    assert found.answer == "raises"
    assert "it needs PEFT 0.11.1 or older, and it raises on the keys" in reasons(found)[0]
    assert found.facts[0].help == "`loracfg migrate --to 0.11.1`"
    assert verdict("lmdeploy==0.18", BASE, *LMDEPLOY).answer == "loads"


def test_emptied_config_is_rejected() -> None:
    """lmdeploy reads by `PeftConfig`, and PEFT 0.14.0 filters by that class (run with 0.18.0)."""
    found = verdict("lmdeploy==0.18", BASE)
    assert (found.answer, found.facts[0].message) == ("raises", "'NoneType' object is not iterable")
    assert "it needs PEFT 0.14.0 or older, and it drops all LoRA keys" in reasons(found)[0]
    assert found.facts[0].help == "`loracfg migrate --to 0.14.0`"


def test_attention_without_its_own_values_loads() -> None:
    lines = [
        f"tensor base_model.model.model.layers.{i}.self_attn.{name} F32 {shape}"
        for i in range(2)
        for name, shape in (
            ("q_proj.lora_A.weight", [4, 16]),
            ("q_proj.lora_B.weight", [24, 4]),
            ("kv_b_proj.lora_A.weight", [4, 16]),
            ("kv_b_proj.lora_B.weight", [24, 4]),
        )
    ]
    targets = 'config {"target_modules": ["q_proj", "kv_b_proj"]}'
    assert verdict("sglang", "drop .*", targets, *lines).answer == "loads"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vlm",
        "vllm=0.33",
        "vllm==x",
        "vllm==0.33,other=1",
        "vllm,max_lora_rank=q_proj",
        "vllm,max_lora_rank",
        "vllm,lora_target_modules=",
        "vllm,lora_target_modules=a++b",
    ],
)
def test_invalid_names(text: str) -> None:
    import re

    with pytest.raises(LoracfgError):
        find_runtime(text)
    assert not re.fullmatch(text_pattern(), text)


def test_command_line(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'made with {"use_rslora": true}')
    base = write_base(tmp_path / "base")
    answers = json.loads(call("compat", adapter, "--format", "json").out)
    assert [one["runtime"] for one in answers] == list(names())
    found = {one["runtime"]: one["answer"] for one in answers}
    assert found["llama.cpp"] == found["sglang"] == "differs"
    assert found["vllm"] == found["transformers"] == "loads"
    profile = profile_of("sglang")
    shown = f"SGLang {profile.newest}"
    table = call("compat", adapter, "--for", "sglang").out
    assert table == (
        f"{shown}  differs  ignores `use_rslora`, so its scale is `0.5` times PEFT's\n"
        f"\nLast checked on {profile.checked}: SGLang ({profile.tried})\n"
    )
    judged = call("validate", adapter, "--base", base, "--for", "sglang", "--format", "concise")
    assert judged.status == 1
    assert "LC802 error runtime-differs" in judged.out
    assert call("validate", adapter, "--base", base, "--for", "vllm").status == 0
    assert call("validate", adapter, "--for", "nothing").status == 2
    assert call("compat", tmp_path).status == 2


def test_table_has_a_line_per_engine_and_reasons_below(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'made with {"use_rslora": true, "use_dora": true}')
    table, *below = call("compat", adapter, "--base", write_base(tmp_path / "base")).out.split(
        "\n\n"
    )
    assert len(table.splitlines()) == len(names())
    assert all(len(line) <= 100 for line in table.splitlines())
    (sglang,) = (block for block in below if block.startswith("SGLang"))
    assert sglang.splitlines() == [
        f"SGLang {profile_of('sglang').newest}:",
        "  ignores `use_rslora`, so its scale is `0.5` times PEFT's",
        "  raises `doesn't support DoRA adapters`: DoRA",
    ]


def test_command_line_takes_a_base(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", r"rename ^base_model\.model -> base_model.model.x")
    base = write_base(tmp_path / "base")
    arguments = ("compat", adapter, "--for", "vllm", "--base")
    assert "applies nothing to modules" in call(*arguments, base).out
    missing = call(*arguments, tmp_path / "nowhere")
    assert missing.status == 2
    assert "nowhere" in missing.err


def test_library(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'made with {"use_dora": true}')
    (report,) = validate(adapter, Options(runtimes=("vllm==0.33",))).adapters
    assert "LC801" in [diagnostic.code for diagnostic in report.diagnostics]


def test_rules_see_the_base() -> None:
    moved = r"rename ^base_model\.model -> base_model.model.x"
    codes = [d.code for d in judged(moved, "for vllm").diagnostics]
    assert "LC802" in codes
    without = [d.code for d in judged(moved, "base none", "for vllm").diagnostics]
    assert "LC802" not in without
