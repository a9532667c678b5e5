"""`adapter_model.bin` is not a pickle.

PEFT opens it with `torch.load` because of its name, which fails. Most often a web page was saved
instead of the file, or a safetensors file was renamed.

Fires:

    weights none
    raw adapter_model.bin <!DOCTYPE html><html><body>Not found</body></html>

Passes:

    weights pickled

Repair: download the file again, or rename it to match its format.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC409", "not-a-pickle", "error", reporting("not-pickle"), __name__)
