"""The tokenizer in the adapter's folder has tokens for which the base has no embeddings.

Either the tokens were added in training and their embeddings are lost, or the base's own tokenizer
has them too and never uses them; its folder, given as base, would tell (LC633).

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

Repair: if the tokens were added in training, train again with the embeddings in `modules_to_save`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.new_tokens import base_tokens, tokenizer_location, tokens_beyond_base
from loracfg.analysis.noted import TOKENIZER
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report tokens beyond the embedding where nothing tells whether they are new."""
    beyond = tokens_beyond_base(subject)
    if beyond is not None and base_tokens(subject) is None:
        yield Finding(
            f"the tokenizer has {beyond}",
            tokenizer_location(subject),
            "give the base's folder with its tokenizer, which tells whether they are new",
            count=len(beyond.tokens),
            data=ModulePaths((beyond.embedding,)),
        )


RULE = Rule("LC634", "tokens-beyond-embedding", "info", Noted([TOKENIZER], check), __name__)
