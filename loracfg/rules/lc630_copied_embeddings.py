"""The file holds embeddings of the base that the config does not train.

`save_pretrained` adds them when an embedding is a target, and when the vocabulary of the model is
not the one of the base that it is named after (`save_embedding_layers="auto"`). They have the size
of the base's, so they are copies, and often most of the file; engines refuse or ignore them.

Fires:

    tensor base_model.model.lm_head.weight F32 [32, 16]

Fires:

    made with {"target_modules": ["q_proj", "embed_tokens"]}

Passes:

    made with {"modules_to_save": ["lm_head"]}

Passes:

    made with {"target_modules": ["q_proj", "embed_tokens"]}
    drop base_layer

Repair: save the adapter with `save_embedding_layers=False`, unless the embeddings were trained by
other means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loracfg.adapter.names import Part
from loracfg.adapter.safetensors import bytes_of
from loracfg.plan.layers import Role
from loracfg.rules.noted import tensor_of
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed


def check(subject: Subject) -> Iterator[Finding]:
    """Look for whole embeddings of the base's size that are not saved on purpose."""
    copies = copied_tensors(subject)
    if not copies:
        return
    size, total = (_bytes(subject, names) for names in (copies, subject.adapter.shapes))
    paths = dict.fromkeys(subject.adapter.names[name].module for name in copies)
    yield Finding(
        f"{listed(paths)} {'are' if len(paths) > 1 else 'is'} saved whole, which the config does "
        f"not call for: `{size}` of `{total}` bytes",
        subject.tensor(copies[0]),
        "save the adapter with `save_embedding_layers=False`, unless they were trained",
        count=len(copies),
    )


def copied_tensors(subject: Subject) -> list[str]:
    """Return the whole embeddings in the file that the config does not train."""
    plan = subject.plan
    if Part.BASE not in subject.adapter.table.parts:
        return []
    if plan is None or plan.config.trainable_token_indices is not None or not subject.certain:
        return []
    wanted = {
        stem + suffix: shape
        for stem, _, tensors in plan.rows
        for suffix, shape, role in tensors
        if role is Role.EMBEDDING
    }
    embeddings = (plan.base.input_embeddings, plan.base.output_embeddings, *plan.base.tied)
    names = subject.adapter.names
    wanted |= {n: s for n, s in subject.replacing.items() if names[n].module in embeddings}
    shapes = subject.adapter.shapes
    return [name for name, shape in wanted.items() if shapes.get(name) == shape]


def _bytes(subject: Subject, names: Iterable[str]) -> int:
    tensors = (subject.adapter.tensors[name] for name in names)
    return sum(bytes_of(tensor.dtype, tensor.shape) for tensor in tensors)


RULE = Rule("LC630", "copied-embeddings", "info", Noted([tensor_of(Part.BASE)], check), __name__)
