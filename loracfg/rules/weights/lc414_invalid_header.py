"""An entry in the header of the weight file does not follow the format.

Each tensor needs a dtype, a shape of non-negative integers and two offsets, and metadata values
must be strings. The safetensors library rejects the whole file.

Fires:

    weights header {"x": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}
    weights append 00000000

Fires:

    weights header {"__metadata__": {"r": 8}}

Passes:

    metadata {"r": "4"}

Repair: save the file again with the safetensors library.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC414", "invalid-header", "error", reporting("header-invalid"), __name__)
