"""The file has a different number of trained tokens than the config lists.

PEFT creates a row for each token in `trainable_token_indices`, so loading fails with a size
mismatch.

Fires:

    made with {"trainable_token_indices": [3, 5, 7]}
    config {"trainable_token_indices": [3, 5]}

Passes:

    made with {"trainable_token_indices": {"embed_tokens": [3], "lm_head": [4, 5]}}

Repair: set `trainable_token_indices` to the tokens that were trained, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.noted import tensor_of
from loracfg.analysis.phrases import plural, shaped
from loracfg.analysis.subject import Subject
from loracfg.document.pointer import escape
from loracfg.planning.path_ends import PathEnds
from loracfg.report.evidence import Tensors
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the rows of each delta with the tokens of its embedding."""
    config = subject.config
    if config is None or config.trainable_token_indices is None:
        return
    indices = config.trainable_token_indices
    keys = list(indices) if isinstance(indices, dict) else []
    ends, order = PathEnds(keys), {key: place for place, key in enumerate(keys)}
    for name, parsed in subject.open_names.items():
        if parsed.part is not Part.TOKENS or not subject.shape(name):
            continue
        pointer, rows = "/trainable_token_indices", indices
        if isinstance(indices, dict):
            key = min(ends.of(parsed.module), key=order.__getitem__, default=None)
            if key is None:
                continue
            pointer, rows = f"{pointer}/{escape(key)}", indices[key]
        found = subject.shape(name)
        if found[0] == len(rows):
            continue
        rows_in_file = f"the trained tokens have shape {shaped(found)}"
        yield Finding(
            f"`trainable_token_indices` lists {plural(len(rows), 'token')}, but the file has "
            f"`{found[0]}`",
            subject.value(pointer),
            "list the tokens that were trained",
            related=(Related(subject.tensor(name), rows_in_file),),
            explains=frozenset({name}),
            data=Tensors((name,)),
        )


RULE = Rule("LC521", "token-count", "error", GatedCheck([tensor_of(Part.TOKENS)], check), __name__)
