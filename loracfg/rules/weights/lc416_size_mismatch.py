"""The data size of a tensor does not match its shape and dtype.

The file is damaged, or it was written incorrectly. The safetensors library and torch reject it.

Fires:

    weights header {"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}
    weights append 00000000

Passes:

    tensor base_model.model.lm_head.weight BF16 [32, 16]

Repair: save the adapter again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC416", "size-mismatch", "error", reporting("size-mismatch"), __name__)
