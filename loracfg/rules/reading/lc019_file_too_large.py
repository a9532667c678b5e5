"""A file is too large, or nested too deeply, for loracfg to read.

A config has a few kilobytes, and the pickle in a weight file about 150 bytes per tensor. A file far
beyond that is something else, or was made to exhaust its reader. It was not checked.

Fires:

    config text [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

Passes:

    config {"auto_mapping": {"base_model_class": "LlamaForCausalLM"}}

Repair: check where the file comes from, and save the adapter again.
"""  # noqa: E501  # the example is one line

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule(
    "LC019", "file-too-large", "error", reporting("file-too-large", "pickle-too-large"), __name__
)
