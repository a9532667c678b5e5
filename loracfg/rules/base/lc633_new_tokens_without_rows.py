"""The tokenizer has new tokens, but neither the base nor the adapter has embeddings for them.

The base was resized for training, but PEFT only saves the new rows with `modules_to_save`,
`trainable_token_indices` or `save_embedding_layers`. After loading, these tokens have no rows, or
random ones if the base is resized. The rule needs a base folder with a tokenizer to compare. It
ignores padding tokens, which need no row.

Fires:

    file added_tokens.json {"<tool>": 32, "</tool>": 33}
    base file added_tokens.json {"<s>": 1}

Passes:

    file added_tokens.json {"<image>": 32}
    base file added_tokens.json {"<image>": 32}

Passes:

    file tokenizer.json {"added_tokens": [{"id": 32, "content": "<pad>"}]}
    file tokenizer_config.json {"pad_token": "<pad>"}
    base file added_tokens.json {"<s>": 1}

Passes:

    file added_tokens.json {"<tool>": 31}
    base file added_tokens.json {"<s>": 1}

Repair: save the trained model again with `save_embedding_layers=True`, or train with the embeddings
in `modules_to_save`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.new_tokens import base_tokens, tokenizer_location, tokens_beyond_base
from loracfg.analysis.noted import TOKENIZER
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the tokens beyond the embedding with those of the base's tokenizer."""
    beyond = tokens_beyond_base(subject)
    known = base_tokens(subject) if beyond else None
    if beyond is None or known is None:
        return
    new = {number: token for number, token in beyond.tokens.items() if token not in known}
    if new:
        yield Finding(
            f"the tokenizer adds {beyond._replace(tokens=new)}; the file has no embeddings for "
            f"{'them' if len(new) > 1 else 'it'}",
            tokenizer_location(subject),
            "save the trained model again with `save_embedding_layers=True`",
            count=len(new),
            data=ModulePaths((beyond.embedding,)),
        )


RULE = Rule("LC633", "new-tokens-without-rows", "error", GatedCheck([TOKENIZER], check), __name__)
