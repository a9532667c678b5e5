"""Find planned tensors that a file may leave out.

Sources: `get_peft_model_state_dict` in `peft/utils/save_and_load.py` of the wheels, and
`mark_only_lora_as_trainable` in `peft/tuners/lora/model.py`.

- Whole embeddings next to their adapters: `save_embedding_layers=False` leaves them out, and the
  base has the same ones.
- With `bias` `all`, the biases in both copies of a saved module, since they are also saved under
  the module's own name.
- With `bias` `lora_only`, all biases, if no release that may have written the file trains any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from loracfg.adapter.header.tensor import Header
from loracfg.config.history.releases import at_least
from loracfg.planning.adapted import Row
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan

_WRAPPED: Final = ("0.7.0", "0.10.0")
"""From the first of these releases up to the second, wrapping a layer hides its bias."""


def without_unsaved(plan: Plan, header: Header, writers: Sequence[str] = ()) -> Plan:
    """Return the plan without tensors that the file leaves out.

    `writers` are the releases that may have written the file.
    """
    if plan.file is header:
        return plan
    untrained = plan.config.bias == "lora_only" and trains_no_biases(writers)
    rows = tuple(row for row in plan.rows if not _is_unsaved(row, plan, header, untrained))
    return plan if len(rows) == len(plan.rows) else replace(plan, rows=rows)


def trains_no_biases(writers: Sequence[str]) -> bool:
    """Tell whether none of these releases trains biases when `bias` is `lora_only`."""
    since, before = _WRAPPED
    return bool(writers) and all(at_least(w, since) and not at_least(w, before) for w in writers)


def _is_unsaved(row: Row, plan: Plan, header: Header, untrained: bool) -> bool:
    stem, _, tensors = row
    names = [plan.file_names.get(stem + end, stem + end) for end, _, _ in tensors]
    if any(name in header.shapes for name in names):
        return False
    roles = {role for _, _, role in tensors}
    if roles == {Role.EMBEDDING}:
        return plan.config.trainable_token_indices is None
    return roles == {Role.BASE_BIAS} and (untrained or all(map(_is_copy, names)))


def _is_copy(name: str) -> bool:
    return ".original_module." in name or ".modules_to_save." in name
