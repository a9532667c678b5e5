"""The config has `runtime_config`, which is for one run and is never read from a file.

PEFT drops it when it saves a config. When it reads one, releases since 0.12 ignore it with a
warning, and 0.6 to 0.11 raise a `TypeError`.

Fires:

    config {"runtime_config": {"ephemeral_gpu_offload": false}}

Passes:

    config {"r": 4}

Repair: remove the key.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC109", "runtime-config", "info", reporting("runtime-config"), __name__)
