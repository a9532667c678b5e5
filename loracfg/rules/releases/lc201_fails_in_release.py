"""The PEFT release that you named with `--peft` does not load the adapter.

PEFT 0.6 to 0.13 raise on every key that they do not know, and each release adds keys. Other
releases raise on a value, a combination of fields, a kind of layer or a file that they do not
support. The finding names the cause. What fails in the newest release too is reported by other
rules.

Fires:

    peft 0.12.0
    config {"corda_config": null}

Fires:

    peft 0.19.1
    made with {"init_lora_weights": "mica"}

Passes:

    peft 0.12
    config of 0.12

Passes:

    peft 0.14.0

Repair: `loracfg migrate adapter/ --to VERSION` writes a config that the release reads, if there is
one. Otherwise load the adapter with a release in the report's `loads_in`.
"""

from __future__ import annotations

from loracfg.analysis.noted import RELEASE
from loracfg.releases.outcome import Effect
from loracfg.rules.kinds.release_outcomes import reporting_effect
from loracfg.rules.rule import GatedCheck, Rule

check = reporting_effect(Effect.RAISES, "does not load the adapter")

RULE = Rule("LC201", "fails-in-release", "error", GatedCheck([RELEASE], check), __name__)
