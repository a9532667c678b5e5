"""What PEFT's `AutoPeftModel` makes of configs without a task."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.rules.meaning.lc333_unnamed_task import IMPORTED
from tests.made.make import Made, make
from tests.made.recipes import Recipe


def test_packages_that_are_imported() -> None:
    from peft import auto

    allowlist: Any = auto.get_default_import_allowlist
    assert list(IMPORTED) == allowlist()


@pytest.mark.parametrize(
    ("mapping", "error"),
    [
        (None, "Cannot infer the auto class"),
        ({}, "base_model_class"),
        ({"base_model_class": "Mine", "parent_library": "mine"}, "not in the import allowlist"),
        ("as made", ""),
    ],
)
def test_auto_class(mapping: object, error: str, root: Path) -> None:
    from peft import AutoPeftModel

    made = make("llama", Recipe({"target_modules": ["q_proj"]}), root, f"task-{error[:3]}")
    assert isinstance(made, Made)
    path = made.adapter / "adapter_config.json"
    config = json.loads(path.read_text())
    assert config["task_type"] is None
    config["base_model_name_or_path"] = str(made.base)
    if mapping != "as made":
        config["auto_mapping"] = mapping
    path.write_text(json.dumps(config))
    (report,) = validate(made.adapter, Options(base=str(made.base))).adapters
    assert report.status == "valid"
    assert ("LC333" in [d.code for d in report.diagnostics]) is bool(error)
    if error:
        with pytest.raises((ValueError, KeyError), match=error):
            AutoPeftModel.from_pretrained(str(made.adapter))
    else:
        assert AutoPeftModel.from_pretrained(str(made.adapter)).peft_config
