"""Import what judgements need before the first one, while the editor still starts."""

from __future__ import annotations

from typing import Final

_MISTAKES: Final = {"peft_type": "LORA", "lora_alpa": 16, "target_modules": ["q_proj"]}


def warm_up() -> None:
    """Judge a config with a mistake that can be repaired, on no base."""
    from loracfg.engine.fronts import engine_for

    case = engine_for(isolated=True).open_config(_MISTAKES)
    assert case.report.diagnostics
