"""Add adapters to PyTorch models as PEFT does: the reference for what a `LoraConfig` means.

`inject` adds an adapter to any model, in place; `state_dict`, `save` and `load` use PEFT's names
and files. Read `adapters.py` first, then `variants.py`.

    config = LoraConfig(r=8, target_modules=["q_proj", "v_proj"])
    inject(model, config)
    ...  # train
    save(model, "adapter")

Needs torch: `pip install 'loracfg[torch]'`.
"""

from __future__ import annotations

from importlib.util import find_spec

from loracfg.errors import LoracfgError

if find_spec("torch") is None:
    raise LoracfgError("the injector needs torch", "run `pip install 'loracfg[torch]'`")

from loracfg.injector.control import disabled, merge, remove, set_active, unmerge
from loracfg.injector.inject import inject
from loracfg.injector.state_dict import load, save, state_dict

__all__ = [
    "disabled",
    "inject",
    "load",
    "merge",
    "remove",
    "save",
    "set_active",
    "state_dict",
    "unmerge",
]
