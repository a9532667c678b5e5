"""The data of a tensor have another size than its shape and dtype make.

Shape and data do not belong together, so the file was damaged or put together wrongly. The
safetensors library and torch refuse it.

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
