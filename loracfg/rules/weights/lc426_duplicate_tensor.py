"""The header of the weight file names a tensor twice.

Readers silently use the last entry, so the first one is lost.

Fires:

    weights header {"x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}, "x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}
    weights append 00

Passes:

    tensor base_model.model.lm_head.weight F16 [32, 16]

Repair: save the file again with the safetensors library.
"""  # noqa: E501  # the example is one line

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC426", "duplicate-tensor", "warning", reporting("duplicate-tensor"), __name__)
