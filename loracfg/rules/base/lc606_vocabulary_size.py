"""Embeddings or heads in the file have a different number of rows than the base's.

The tokenizer grew in training, and the base was resized to match. Loading onto the original base
fails with a size mismatch.

Fires:

    made with {"modules_to_save": ["embed_tokens", "lm_head"]}
    reshape (embed_tokens|lm_head) -> [40, 16]

Fires:

    tensor base_model.model.lm_head.weight F32 [40, 16]

Passes:

    made with {"modules_to_save": ["embed_tokens", "lm_head"]}

Repair: resize the base first to the number of rows in the file, with
`model.resize_token_embeddings`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Group embedding tensors by their number of rows."""
    wanted = {name: e.shape for name, e in subject.mismatched.items()} | subject.replacing
    groups: dict[tuple[int, int], list[str]] = {}
    for name, expected in wanted.items():
        rows = _rows(name, expected, subject)
        if rows:
            groups.setdefault(rows, []).append(name)
    for (found, expected_rows), names in groups.items():
        yield Finding(
            f"{with_verb(len(names), 'tensor', 'have')} `{found}` rows for the vocabulary, but "
            f"the base has `{expected_rows}`",
            subject.tensor(names[0]),
            f"resize the base first: `model.resize_token_embeddings({found})`",
            count=len(names),
            data=Tensors(tuple(names)),
            explains=frozenset(names),
        )


def _rows(name: str, expected: Shape, subject: Subject) -> tuple[int, int] | None:
    """Return the rows found and expected, if they are the vocabulary and nothing else differs."""
    plan = subject.plan
    taken = subject.open_names.get(name)
    if plan is None or taken is None:
        return None
    path = plan.base_path(name) or taken.module
    if path not in (plan.base.input_embeddings, plan.base.output_embeddings, *plan.base.tied):
        return None
    axis = 1 if taken.part is Part.EMBEDDING_A else 0
    if taken.part not in (Part.BASE, Part.EMBEDDING_A, Part.B, Part.BIAS, Part.MAGNITUDE):
        return None
    found = subject.shape(name)
    if len(found) != len(expected):
        return None
    if [i for i, size in enumerate(expected) if found[i] != size] != [axis]:
        return None
    return found[axis], expected[axis]


RULE = Rule("LC606", "vocabulary-size", "error", GatedCheck([DIFFERENCE], check), __name__)
