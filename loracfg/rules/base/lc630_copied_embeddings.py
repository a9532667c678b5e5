"""The file contains embeddings of the base that the config does not train.

`save_pretrained` adds them if an embedding is a target, or if the vocabulary size of the model is
not that of the base named in the config (`save_embedding_layers="auto"`). They have the same size
as in the base, so they are copies, and often make up most of the file. Engines reject or ignore
them. Embeddings in `modules_to_save` are then in the file three times: for loading, as trained, and
as they were.

Fires:

    tensor base_model.model.lm_head.weight F32 [32, 16]

Fires:

    made with {"target_modules": ["q_proj", "embed_tokens"]}

Fires:

    made with {"modules_to_save": ["lm_head"]}
    tensor base_model.model.lm_head.modules_to_save.weight F32 [32, 16]
    tensor base_model.model.lm_head.original_module.weight F32 [32, 16]

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

from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.noted import tensor_of
from loracfg.analysis.phrases import listed
from loracfg.analysis.saved_modules import copied_embeddings, is_saved
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find whole embeddings of the base's size that are not saved on purpose."""
    copies = copied_embeddings(subject)
    if not copies:
        return
    size, total = (_bytes(subject, names) for names in (copies, subject.adapter.shapes))
    again = dict.fromkeys(path for path in copies.values() if is_saved(subject, path))
    whole = dict.fromkeys(path for path in copies.values() if path not in again)
    found = [f"{_are(whole)} saved whole, although the config does not ask for it"] if whole else []
    found += [f"{_are(again)} saved more than once"] if again else []
    unless = ", unless they were trained" if whole else ""
    yield Finding(
        f"{', and '.join(found)}: `{size}` of `{total}` bytes",
        subject.tensor(next(iter(copies))),
        f"save the adapter with `save_embedding_layers=False`{unless}",
        count=len(copies),
        data=Tensors(tuple(copies)),
    )


def _are(paths: Iterable[str]) -> str:
    named = list(paths)
    return f"{listed(named)} {'are' if len(named) > 1 else 'is'}"


def _bytes(subject: Subject, names: Iterable[str]) -> int:
    tensors = (subject.adapter.tensors[name] for name in names)
    return sum(bytes_of(tensor.dtype, tensor.shape) for tensor in tensors)


RULE = Rule(
    "LC630", "copied-embeddings", "info", GatedCheck([tensor_of(Part.BASE)], check), __name__
)
