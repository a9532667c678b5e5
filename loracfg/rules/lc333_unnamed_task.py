"""Neither `task_type` nor `auto_mapping` tells the class of the base model.

`PeftModel.from_pretrained` is given the base and loads the adapter. The `AutoPeftModel…` classes
choose the base's class by these keys and raise, and the Hub warns on the adapter's page that the
task is no string. PEFT writes `auto_mapping` where there is no task; tools that write the config
themselves leave both out.

Fires:

    config {"task_type": null}

Fires:

    config without "task_type"

Passes:

    config {"task_type": null}
    config {"auto_mapping": {"base_model_class": "LlamaModel", "parent_library": "transformers"}}

Passes:

    config {"task_type": "SEQ_CLS"}

Repair: set `task_type` to what the adapter was trained for.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a task, or the mapping that PEFT reads without one (`peft/auto.py`, 0.21.2)."""
    config = subject.config
    if config is None or config.task_type or not subject.gives("task_type", "auto_mapping"):
        return
    mapping = config.auto_mapping or {}
    if "base_model_class" in mapping and "parent_library" in mapping:
        return
    yield Finding(
        "`task_type` and `auto_mapping` tell no class of the base, so `AutoPeftModel` raises",
        subject.value("/task_type"),
        "set `task_type`, for a language model to `CAUSAL_LM`",
    )


RULE = Rule("LC333", "unnamed-task", "info", check, __name__)
