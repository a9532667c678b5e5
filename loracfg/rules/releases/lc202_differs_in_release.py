"""The PEFT release that you named with `--peft` loads the adapter but computes something different.

Releases before 0.6, and since 0.14, drop keys that they do not know. Some behaviour has changed as
well: which names a target matches, which number in a path is its layer, how keys of `rank_pattern`
match, how biases are named, and which module paths are misread (LC524). PEFT does not raise, and
the model differs from the one that was trained.

Fires:

    peft 0.5.0
    made with {"use_rslora": true}

Fires:

    peft 0.14.0
    made with {"alpha_pattern": {"^model.layers.0.self_attn.q_proj": 32}}

Passes:

    peft 0.8
    made with {"use_rslora": true}

Passes:

    peft 0.5.0
    made with {"eva_config": {}}

Repair: `loracfg migrate adapter/ --to VERSION` writes a config with the same meaning in that
release, if there is one. Otherwise load the adapter with a release in the report's `loads_in`.
"""

from __future__ import annotations

from loracfg.analysis.noted import RELEASE
from loracfg.releases.outcome import Effect
from loracfg.rules.kinds.release_outcomes import reporting_effect
from loracfg.rules.rule import GatedCheck, Rule

check = reporting_effect(Effect.DIFFERS, "computes something different")

RULE = Rule("LC202", "differs-in-release", "error", GatedCheck([RELEASE], check), __name__)
