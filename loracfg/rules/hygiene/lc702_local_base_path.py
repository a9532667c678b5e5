r"""`base_model_name_or_path` is a path on the machine that trained the adapter.

Others cannot load the adapter from its config alone: PEFT's `AutoPeftModel…` classes, converters
and servers look for the base at this path and then on the Hub, which rejects the name.

Fires:

    config {"base_model_name_or_path": "/root/models/llama"}

Fires:

    config {"base_model_name_or_path": "D:\\models\\llama"}

Fires:

    config {"base_model_name_or_path": "saves/llama/merged"}

Passes:

    config {"base_model_name_or_path": "meta-llama/Llama-3.1-8B"}

Repair: write the id of the base on the Hub.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.base_names import name_of_base
from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.rules.rule import Finding, Rule

_LOCAL: Final = re.compile(
    r"(/|\./|\.\./|~|[A-Za-z]:[\\/]|file:).*|.*\\.*|[^:]*/[^:]*/.*", re.DOTALL
)
"""Absolute and relative paths; Hub ids have one slash at most."""


def check(subject: Subject) -> Iterator[Finding]:
    """Report a base that is named by a path."""
    config = subject.config
    path = config.base_model_name_or_path if config else None
    if path and _LOCAL.fullmatch(path):
        yield Finding(
            f"`base_model_name_or_path` is {show(path)}, a local path",
            subject.value("/base_model_name_or_path"),
            "write the id of the base on the Hub",
            data=name_of_base(subject),
        )


RULE = Rule("LC702", "local-base-path", "info", check, __name__)
