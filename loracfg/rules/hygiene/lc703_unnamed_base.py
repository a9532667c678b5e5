"""The config does not name its base model.

You can still load the adapter on a base of your choice, but `AutoPeftModel…` classes, the Hub and
servers cannot find the base. PEFT writes null (before 0.21, `""`) when the model had no name.

Fires:

    config {"base_model_name_or_path": null}

Fires:

    config {"base_model_name_or_path": ""}

Passes:

    config {"base_model_name_or_path": "meta-llama/Llama-3.1-8B"}

Repair: write the id of the base into `base_model_name_or_path`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.base_names import name_of_base, named_base_in_words
from loracfg.analysis.noted import NO_BASE_NAME
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report a config that does not name its base."""
    config = subject.config
    if config is None or config.base_model_name_or_path:
        return
    yield Finding(
        f"{named_base_in_words(subject)}, so the base is unknown",
        subject.value("/base_model_name_or_path"),
        "write the id of the base",
        data=name_of_base(subject),
    )


RULE = Rule("LC703", "unnamed-base", "info", GatedCheck([NO_BASE_NAME], check), __name__)
