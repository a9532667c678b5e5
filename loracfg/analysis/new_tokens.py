"""Find tokens of the adapter's tokenizer beyond the embedding of the base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from loracfg.adapter.files import TOKENIZER_FILES
from loracfg.analysis.folder_files import file_location
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location

if TYPE_CHECKING:
    from loracfg.adapter.tokenizer import Tokenizer


class NewTokens(NamedTuple):
    """Tokens by id that are beyond the rows of the embedding at this path."""

    tokens: Mapping[int, str]
    embedding: str
    rows: int

    def __str__(self) -> str:
        """Return a phrase: "2 tokens beyond the `32` rows of `embed`: `a` and `b`"."""
        shown = listed(printable(token) for token in self.tokens.values())
        count = plural(len(self.tokens), "token")
        return f"{count} beyond the `{self.rows}` rows of `{self.embedding}`: {shown}"


def tokens_beyond_base(subject: Subject) -> NewTokens | None:
    """Return the tokens without a row in the base, if the adapter has no rows for them either.

    A padding token is masked in training, so it does not need its own row.
    """
    plan, tokenizer = subject.plan, subject.adapter.tokenizer
    if plan is None or tokenizer is None or not subject.certain or not subject.adapter.shapes:
        return None
    path = plan.base.input_embeddings
    embedding = plan.base.find(path or "")
    if path is None or embedding is None or len(embedding.parameters.get("weight", ())) != 2:
        return None
    if plan.config.trainable_token_indices is not None or path in plan.saved:
        return None
    name = path.rpartition(".")[2]  # its path differs between releases of transformers
    if any(found.rpartition(".")[2] == name for found in subject.adapter.base_paths):
        return None
    rows = embedding.weight[0]
    tokens = {
        number: token
        for number, token in sorted(tokenizer.added.items())
        if number >= rows and not _is_padding_token(token, tokenizer)
    }
    return NewTokens(tokens, path, rows) if tokens else None


def _is_padding_token(token: str, tokenizer: Tokenizer) -> bool:
    """Tell whether a token is for padding; some files list tokens without their purpose."""
    return token in tokenizer.padding or "pad" in token.lower()


def tokenizer_location(subject: Subject) -> Location:
    """Return the location of the tokenizer's first file."""
    return file_location(min(TOKENIZER_FILES.intersection(subject.adapter.files)))


def base_tokens(subject: Subject) -> frozenset[str] | None:
    """Return the tokens that the base's own tokenizer adds; None if not all are known."""
    from loracfg.adapter.tokenizer import read_tokenizer

    try:
        tokenizer = read_tokenizer(subject.resolved.files) if subject.resolved.files else None
    except LoracfgError:  # the folder can no longer be listed
        return None
    return frozenset(tokenizer.added.values()) if tokenizer and tokenizer.is_whole else None
