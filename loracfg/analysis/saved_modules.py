"""Find modules that are saved whole, and embeddings that are saved without being trained."""

from __future__ import annotations

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.planning.layer_tensors import Role


def copied_embeddings(subject: Subject) -> dict[str, str]:
    """Map embeddings in the file that the config does not train to their modules' paths."""
    plan = subject.plan
    if Part.BASE not in subject.adapter.table.parts or plan is None or not subject.certain:
        return {}
    wanted = {
        stem + suffix: (shape, path)
        for stem, path, tensors in plan.rows
        for suffix, shape, role in tensors
        if role is Role.EMBEDDING
    }
    embeddings = (plan.base.input_embeddings, plan.base.output_embeddings, *plan.base.tied)
    for name, shape in subject.replacing.items():
        path = plan.base_path(name)
        if path is not None and path in embeddings:
            wanted[name] = shape, path
    if plan.config.trainable_token_indices is not None:
        wanted = {n: pair for n, pair in wanted.items() if is_saved(subject, pair[1])}
    shapes = subject.adapter.shapes
    return {name: path for name, (shape, path) in wanted.items() if shapes.get(name) == shape}


def is_saved(subject: Subject, path: str) -> bool:
    """Tell whether a module, or a parent of it, is saved whole."""
    saved = subject.plan.saved if subject.plan else ()
    return any(path == owner or path.startswith(owner + ".") for owner in saved)
