r"""The pickle uses an instruction that torch's safe loader does not support.

`torch.load` with `weights_only=True`, which PEFT uses, reads protocol 2, which is what `torch.save`
writes by default, and little else.

Fires:

    weights pickled X\x04\x00\x00\x00stepI3\n

Passes:

    weights pickled

Repair: save the file again with `torch.save` and its default protocol, or as safetensors.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC427", "pickle-protocol", "error", reporting("pickle-protocol"), __name__)
