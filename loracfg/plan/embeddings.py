"""Whole embeddings beside their adapters, which PEFT saves unless it is told not to.

Source: `get_peft_model_state_dict` in `peft/utils/save_and_load.py`, 0.21.2: with
`save_embedding_layers=False` they are left out, and loading takes the base's own.
"""

from __future__ import annotations

from dataclasses import replace

from loracfg.adapter.tensor import Header
from loracfg.plan.layers import Role
from loracfg.plan.plan import Plan, Row


def without_unsaved(plan: Plan, header: Header) -> Plan:
    """Return the plan without the embeddings that the file leaves out."""
    if plan.file is header or plan.config.trainable_token_indices is not None:
        return plan
    rows = tuple(row for row in plan.rows if not _is_unsaved(row, header))
    return plan if len(rows) == len(plan.rows) else replace(plan, rows=rows)


def _is_unsaved(row: Row, header: Header) -> bool:
    stem, _, tensors = row
    return all(
        one.role is Role.EMBEDDING and stem + one.suffix not in header.shapes for one in tensors
    )
