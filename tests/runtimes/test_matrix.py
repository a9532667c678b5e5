"""The answers for engines are those that were observed, cell by cell of the project's notes.

The adapters are made by PEFT, and changed afterwards where a row says so (`rows.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from loracfg.engine.fronts import compat, validate
from loracfg.engine.options import Options
from tests.made.make import Made
from tests.runtimes.observed import DATA, NOTES, observed, rows, written
from tests.runtimes.older import as_needed
from tests.runtimes.rows import DEFAULT, Row, build, row_for

pytest.importorskip("peft", reason="the adapters are made by PEFT")

COLUMNS: Final = {
    "TF4": "transformers==4.57.6",
    "TF5": "transformers==5.24.0",
    "vLa": "vllm==0.30",
    "vLb": "vllm==0.33",
    "SGL": "sglang==0.5.23",
    "lcpp": "llama.cpp",
    "Oll": "ollama==0.34.0",
    "TGI": "tgi",
    "LoRAX": "lorax",
    "TRT": "tensorrt-llm",
    "lmd": "lmdeploy==0.18.0",
    "dif": "diffusers==0.42.1",
}
"""Columns of the notes, each by one version of those that it is for; PEFT's is for the rules."""

_KEPT = "with the prefix of PEFT, the rest of the file is loaded into the model (run with Flux)"
_OF_OTHER_TYPE: Final = (
    "models of this type are refused where they are none of the engine's own: utils/adapter.py of "
    "TGI asks each layer for query_key_value, get_model of LoRAX ends with `Unsupported model type`"
)
SHOWN_WRONG: Final = {
    ("aLoRA tokens", "TF4"): ("differs", "nothing of it is applied (run with 4.57.6)"),
    ("aLoRA tokens", "TF5"): ("differs", "nothing of it is applied (run with 5.24.0)"),
    ("modules_to_save lm_head / embed_tokens", "dif"): ("loads", _KEPT),
    ("modules_to_save norms", "dif"): ("loads", _KEPT),
    ("wrong module path prefix", "dif"): ("raises", "none of its modules is found"),
    ("all-linear (full paths since saved)", "Oll"): (
        "differs",
        "it takes q_proj and k_proj along, which the row `plain` says are scrambled",
    ),
    ("old per-expert MoE keys", "TRT"): (
        "unknown",
        "the names are read, but modeling_mixtral.py: MixtralMoE.forward of 1.0.0rc4 has no LoRA",
    ),
    ("old per-expert MoE keys", "SGL"): (
        "raises",
        "the sizes of `w1`, which `target_modules` names, are asked for: lora/mem_pool.py, "
        "get_lora_A_shape, and lora/utils.py, get_default_hidden_dim, of 0.5.23",
    ),
    ("bias all / lora_only", "SGL"): (
        "raises",
        "a bias of a module without factors has no place: lora/utils.py:368 of 0.5.23 (run)",
    ),
    ("modules_to_save score (seq-cls)", "SGL"): (
        "differs",
        "LoRAAdapter._process_weight, lora/lora.py of 0.5.23, drops what is in no layer",
    ),
    ("unknown config key", "lmd"): (
        "raises",
        "PEFT 0.14.0, which it pins, keeps no key of LoRA then: peft/config.py:158 (run)",
    ),
    ("aLoRA tokens", "lmd"): ("raises", "`alora_invocation_tokens` is such a key"),
    ("target_parameters, fused experts", "TGI"): ("unknown", _OF_OTHER_TYPE),
    ("old per-expert MoE keys", "TGI"): ("unknown", _OF_OTHER_TYPE),
    ("target_parameters, fused experts", "LoRAX"): ("unknown", _OF_OTHER_TYPE),
    ("peft_type missing", "TGI"): (
        "raises",
        "PEFT 0.15.2, which it pins, raises where `peft_type` is missing and there are keys that "
        "it does not know, as PEFT 0.21.2 writes them (run with the wheel)",
    ),
}
"""Cells that other cells or a run show to be wrong: what is right, and why."""


STRICTER: Final = {"extra layer tensors": {"LC603"}, "lora_alpha 0": {"LC323"}}
"""Rows that PEFT loads, and rules call errors, since what was trained has no effect."""


def expected(row: str, column: str) -> str | None:
    """Return the answer that a cell gives, unless it is shown to be wrong."""
    shown = SHOWN_WRONG.get((row, column))
    return shown[0] if shown else observed(row, column)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """The adapters that were made so far."""
    return {"": Made(tmp_path_factory.mktemp("rows"), Path())}


def made_for(row: Row, name: str, made: dict[str, Made]) -> Made:
    key = repr((name, row))
    if key not in made:
        made[key] = build(row, made[""].adapter, f"{len(made)}")
    return made[key]


@pytest.mark.parametrize("row", DEFAULT)
@pytest.mark.parametrize("column", COLUMNS)
def test_answer_matches_the_observation(row: str, column: str, made: dict[str, Made]) -> None:
    answer = expected(row, column)
    one = made_for(row_for(column, row), row, made)
    adapter = as_needed(one.adapter, COLUMNS[column])
    (verdict,) = compat(adapter, [COLUMNS[column]], Options(str(one.base)))
    if answer is None:
        assert verdict.unknown or not verdict.facts  # nothing is claimed either
        return
    assert verdict.answer == answer, (verdict.facts, verdict.unknown)


@pytest.mark.parametrize("row", DEFAULT)
def test_mlx_lm_raises(row: str, made: dict[str, Made]) -> None:
    one = made_for(row_for("", row), row, made)
    (verdict,) = compat(one.adapter, ["mlx-lm"], Options(str(one.base)))
    assert verdict.answer == "raises"


@pytest.mark.parametrize("row", DEFAULT)
def test_rules_agree_with_peft(row: str, made: dict[str, Made]) -> None:
    one = made_for(row_for("", row), row, made)
    (report,) = validate(one.adapter, Options(str(one.base))).adapters
    found = [d for d in report.diagnostics if not d.code.startswith("LC7")]
    if expected(row, "PEFT") == "loads":
        assert {d.code for d in found if d.severity == "error"} == STRICTER.get(row, set())
    else:
        assert found


def test_every_row_has_an_adapter() -> None:
    assert rows().keys() == DEFAULT.keys()


def test_adapters_of_rows_are_readable(made: dict[str, Made]) -> None:
    for name in ("plain, r 8, alpha 16", "use_dora", "old per-expert MoE keys"):
        one = made_for(row_for("", name), name, made)
        assert read_adapter(Folder(one.adapter)).shapes


def test_wrong_cells_are_in_the_notes() -> None:
    assert all(rows()[row][column] for row, column in SHOWN_WRONG)


@pytest.mark.skipif(not NOTES.is_file(), reason="the notes are not beside this checkout")
def test_data_matches_the_notes() -> None:
    text = written(NOTES.read_text("utf-8"))
    assert DATA.read_text("utf-8") == text, "run `python -m tests.runtimes.observed`"
