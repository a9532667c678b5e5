"""The tokenizer in the adapter's folder has tokens that the base has no embeddings for.

Either the tokens were added for training and their embeddings are lost, or the base's own tokenizer
has them too and never uses them. If you pass the base's folder with its tokenizer, LC633 finds out
which.

Fires:

    file tokenizer.json {"added_tokens": [{"id": 32, "content": "<tool>"}]}

Fires:

    file tokenizer.json {"added_tokens": [{"id": 32, "content": "<tool>"}]}
    base file tokenizer_config.json {"added_tokens_decoder": {}}
    base file tokenizer.json version https://git-lfs.github.com/spec/v1

Passes:

    file tokenizer.json {"added_tokens": [{"id": 31, "content": "<tool>"}]}

Passes:

    made with {"modules_to_save": ["embed_tokens"]}
    file tokenizer.json {"added_tokens": [{"id": 32, "content": "<tool>"}]}

Passes:

    file tokenizer.json {"added_tokens": [{"id": 32, "content": "<tool>"}]}
    base file tokenizer_config.json {"added_tokens_decoder": {}}

Repair: if the tokens were added for training, train again with the embeddings in `modules_to_save`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.new_tokens import base_tokens, tokenizer_location, tokens_beyond_base
from loracfg.analysis.noted import TOKENIZER
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report tokens beyond the embedding if it is unknown whether they are new."""
    beyond = tokens_beyond_base(subject)
    if beyond is not None and base_tokens(subject) is None:
        yield Finding(
            f"the tokenizer has {beyond}",
            tokenizer_location(subject),
            "pass the base's folder with its tokenizer to check whether they are new",
            count=len(beyond.tokens),
            data=ModulePaths((beyond.embedding,)),
        )


RULE = Rule("LC634", "tokens-beyond-embedding", "info", GatedCheck([TOKENIZER], check), __name__)
