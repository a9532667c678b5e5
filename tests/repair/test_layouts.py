"""Names of transformers 4 are converted to transformers 5 like PEFT does on loading."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

pytest.importorskip("peft", reason="what is applied is asked of PEFT")

from safetensors.torch import load_file

from loracfg.engine.fixing import fix
from loracfg.engine.options import Options
from tests.made.multimodal import CONFIGS
from tests.made.test_older_names import UNRENAMED, applied, older_state, pytestmark, write

__all__ = ["pytestmark"]

CASES: Final = sorted(CONFIGS.keys() - UNRENAMED)


@pytest.mark.parametrize("case", CASES)
def test_older_names_become_the_newest(case: str, tmp_path: Path) -> None:
    state = older_state(case)
    write(tmp_path, case, state)
    repaired = fix(tmp_path, Options(base=str(tmp_path / "base")), unsafe=True)
    if not any(step.code == "LC622" for step in repaired.steps):
        assert not any(d.code == "LC622" for d in repaired.before.diagnostics)
        return
    repaired.write(tmp_path.parent / f"{tmp_path.name}-fixed")
    fixed = tmp_path.parent / f"{tmp_path.name}-fixed"
    found = load_file(fixed / "adapter_model.safetensors")
    assert found.keys() != state.keys()
    assert len(found) == len(state)
    assert applied(fixed, case, found) == found.keys()
    assert repaired.after.coverage.applied == len(found)
