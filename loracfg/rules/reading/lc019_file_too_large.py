"""A file is larger, or nested deeper, than loracfg reads.

A config has some kilobytes and a pickle of weights some 150 bytes a tensor. What is far above that
is another file, or was made to exhaust its reader; it was not judged.

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
