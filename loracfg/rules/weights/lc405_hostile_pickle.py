r"""`adapter_model.bin` asks Python to import something that no weight file needs.

A pickle can call what it imports: `os.system`, `builtins.eval`, or something that leads to them.
PEFT loads with `weights_only=True`, so `torch.load` rejects the file; older readers run it. loracfg
reads the instructions but does not execute them.

Fires:

    weights none
    raw adapter_model.bin cos\nsystem\n(X\x02\x00\x00\x00idtR.

Passes:

    weights pickled

Repair: do not load the file. Ask its author for safetensors.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC405", "hostile-pickle", "error", reporting("hostile-pickle"), __name__)
