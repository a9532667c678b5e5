r"""The prefix `base_model.model.` of tensor names is missing, repeated, or not at the beginning.

PEFT looks up tensors by their full name. It finds none of these, leaves its own factors at their
initial values and serves the base model; since 0.14 it warns about missing keys. On the model types
whose tensors transformers 5 converts, such as Mixtral and Gemma 3, PEFT 0.19+ adds a missing prefix
to the names of factors, and the rule does not report these.

Fires:

    rename ^base_model\.model\. -> base_model.model.base_model.model.

Fires:

    rename ^base_model\.model\. ->

Fires:

    rename ^ -> thinker.

Passes:

    made with {"r": 2}

Passes:

    base {"renames": [["language_model.layers", "model.layers"]]}
    rename ^base_model\.model\. ->

Repair: rename the tensors; each name begins with `base_model.model.` and the path of its module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loracfg.adapter.tensor_names import as_saved
from loracfg.analysis.misnamed import misplaced_names
from loracfg.analysis.noted import MISPLACED
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report tensors by what is wrong with the beginning of their names."""
    for found in misplaced_names(subject):
        name, repaired = found.names[0]
        yield Finding(
            f"the names of {plural(len(found.names), 'tensor')} {found.problem}",
            subject.tensor(name),
            f"rename the tensors, this one to `{repaired}`",
            count=len(found.names),
            explains=frozenset(_explained(found.names)),
            data=found,
        )


def _explained(renames: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield each name and its repair, and both as PEFT saves them."""
    for name, repaired in renames:
        yield from (name, repaired, as_saved(name), as_saved(repaired))


RULE = Rule("LC502", "wrong-prefix", "error", GatedCheck([MISPLACED], check), __name__)
