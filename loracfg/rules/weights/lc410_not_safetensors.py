"""`adapter_model.safetensors` is not a safetensors file.

PEFT opens it as safetensors because of its name, and raises a `SafetensorError`. Most often a web
page was saved instead of the file, or a pickle was renamed.

Fires:

    weights none
    raw adapter_model.safetensors <!DOCTYPE html><html><body>Not found</body></html>

Fires:

    weights bytes 504b0304140000000000000021000000

Passes:

    made with {"r": 4}

Repair: download the file again, or save the adapter again as safetensors.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC410", "not-safetensors", "error", reporting("not-safetensors"), __name__)
