"""What a plan says of the result is what `validate` says of the adapter that PEFT saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from loracfg.base.search import ResolvedBase
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.engine.case import Case
from loracfg.engine.engine import Engine
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import names
from tests.planning.models import architecture
from tests.planning.real import save
from tests.training.plan.tiny import adapted

pytest.importorskip("peft", reason="the result is what PEFT saves")

_LINEAR: Final = (
    *(f"self_attn.{name}_proj" for name in "qkvo"),
    *(f"mlp.{name}_proj" for name in ("gate", "up", "down")),
)
_LONG: Final = [
    f"{start}layers.{layer}.{name}"
    for start in ("model.", "")
    for layer in range(2)
    for name in _LINEAR
]
"""Every linear layer twice; PEFT writes 7 names."""

CASES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "plain": ("llama", {"r": 4, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"}),
    "all linear": ("llama", {"r": 4, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}),
    "defaults": ("llama", {"r": 4, "task_type": "CAUSAL_LM"}),
    "rslora": ("llama", {"r": 4, "target_modules": ["q_proj"], "use_rslora": True}),
    "dora": ("llama", {"r": 4, "target_modules": ["q_proj"], "use_dora": True}),
    "patterns": (
        "llama",
        {"r": 4, "target_modules": ["q_proj", "v_proj"], "rank_pattern": {"v_proj": 2}},
    ),
    "heads": ("llama-labels", {"r": 4, "target_modules": ["q_proj"], "task_type": "SEQ_CLS"}),
    "saved": ("llama", {"r": 4, "target_modules": ["q_proj"], "modules_to_save": ["lm_head"]}),
    "tokens": ("llama", {"r": 4, "target_modules": ["q_proj"], "trainable_token_indices": [1]}),
    "conv1d": ("gpt2", {"r": 4, "target_modules": ["c_attn"], "task_type": "CAUSAL_LM"}),
    "long list": ("llama", {"r": 4, "target_modules": _LONG}),
    "long list, one layer": (
        "llama",
        {"r": 4, "target_modules": _LONG, "layers_to_transform": [1]},
    ),
    "replicated": (
        "llama",
        {"r": 4, "target_modules": "all-linear", "layer_replication": [[0, 2], [0, 2]]},
    ),
    "experts": (
        "qwen3_moe",
        {"r": 4, "target_modules": ["q_proj"], "target_parameters": ["experts.down_proj"]},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_result(name: str, tmp_path: Path) -> None:
    model, values = CASES[name]
    base = ResolvedBase(architecture(model), name="base")
    save(adapted(model, values), tmp_path)
    engine = Engine()
    real = engine.open_read(read_adapter(Folder(tmp_path)), base)
    config = LoraConfig.model_validate(values, context=FIELDS_ONLY)
    planned = engine.open_planned(config, base=base)
    assert planned.saved.adapter.shapes == real.adapter.shapes
    assert _targets(planned.saved) == _targets(real)
    assert planned.saved.adapter.dtypes == real.adapter.dtypes
    assert planned.report.loads_in == real.report.loads_in
    assert planned.report.scaling == real.report.scaling
    errors = [d for d in planned.report.diagnostics if d.severity == "error"]
    assert errors == [d for d in real.report.diagnostics if d.severity == "error"] == []
    runtimes = [find_runtime(one) for one in names()]
    answers = [verdict.answer for verdict in real.verdicts(runtimes)]
    assert [verdict.answer for verdict in planned.saved.verdicts(runtimes)] == answers


def _targets(case: Case) -> list[str]:
    config = case.config
    assert config is not None
    return sorted(config.target_modules or ())
