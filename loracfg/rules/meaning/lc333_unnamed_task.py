"""Neither `task_type` nor `auto_mapping` names the class of the base model.

`PeftModel.from_pretrained` takes the base as an argument and loads the adapter. The
`AutoPeftModel…` classes need these keys to choose the class of the base, and raise without them.
The Hub warns on the adapter's page that the task is not a string. PEFT writes `auto_mapping` if
there is no task; tools that write the config themselves leave out both. PEFT 0.20+ imports the
class that `auto_mapping` names only from transformers, diffusers and a few other packages, unless
the caller passes `import_allowlist`.

Fires:

    config {"task_type": null}

Fires:

    config without "task_type"

Fires:

    config {"task_type": null}
    config {"auto_mapping": {"base_model_class": "MyModel", "parent_library": "modeling_mine"}}

Passes:

    config {"task_type": null}
    config {"auto_mapping": {"base_model_class": "LlamaModel", "parent_library": "transformers"}}

Passes:

    config {"task_type": "SEQ_CLS"}

Repair: set `task_type` to the task that the adapter was trained for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import NO_TASK
from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule

IMPORTED: Final = ("diffusers", "lerobot", "megatron-core", "transformers")
"""The packages that PEFT imports classes from (`get_default_import_allowlist`, 0.21.2)."""

_ADVICE: Final = "set `task_type`, e.g. to `CAUSAL_LM` for a language model"


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a task, or the mapping that PEFT reads without one (`peft/auto.py`, 0.21.2)."""
    config = subject.config
    if config is None or config.task_type or not subject.gives("task_type", "auto_mapping"):
        return
    mapping = config.auto_mapping or {}
    library = mapping.get("parent_library")
    if library is None or "base_model_class" not in mapping:
        yield Finding(
            "neither `task_type` nor `auto_mapping` names the base class, "
            "so `AutoPeftModel` raises",
            subject.value("/task_type"),
            _ADVICE,
            data=FieldValue("/task_type", None),
        )
    elif not (isinstance(library, str) and library.split(".")[0] in IMPORTED):
        yield Finding(
            f"`AutoPeftModel` does not import {show(library)}, which `auto_mapping` names",
            subject.value("/auto_mapping/parent_library"),
            f"{_ADVICE}, or pass `import_allowlist` when you load it",
            data=FieldValue("/auto_mapping/parent_library", f"{library}"),
        )


RULE = Rule("LC333", "unnamed-task", "info", GatedCheck([NO_TASK], check), __name__)
