r"""The tensors have the names of another tool, not PEFT's.

PEFT looks up tensors by name. It finds none of these, leaves its own factors at their initial
values and serves the base model; since 0.14 it warns about missing keys. Names that begin with
`unet.`, `transformer.`, `text_encoder.` or `diffusion_model.` are for a pipeline, not for PEFT:
adding `base_model.model.` in front of them does not help. Tinker uses PEFT's names for most
tensors, but its own for the output layer and for experts; PEFT loads the rest.

Fires:

    rename base_model.model.model.layers.(\d+).self_attn.(\w+).lora_A -> lora_unet_\1_\2.lora_down
    rename base_model.model.model.layers.(\d+).self_attn.(\w+).lora_B -> lora_unet_\1_\2.lora_up

Fires:

    rename base_model.model.(.*).lora_A.weight -> \1.lora_a
    rename base_model.model.(.*).lora_B.weight -> \1.lora_b

Fires:

    rename base_model.model.model.(.*) -> diffusion_model.\1

Fires:

    rename lora_A.weight -> hada_w1_a
    rename lora_B.weight -> hada_w1_b
    base none

Fires:

    tensor base_model.model.model.unembed_tokens.lora_A.weight F32 [4, 16]
    tensor base_model.model.model.unembed_tokens.lora_B.weight F32 [32, 4]

Passes:

    tensor extra.scale F32 [1]

Repair: convert the adapter with the tool that made it, or load it with the library that it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.dialects import (
    CONVERT,
    TINKER,
    Dialect,
    dialect_of,
    method_of,
    names_of_tinker,
)
from loracfg.adapter.diffusers_metadata import config_in
from loracfg.adapter.tensor_names import FACTORS, PREFIX
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.document.display import printable
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Name the tool that most names come from, unless a factor has PEFT's name."""
    names = subject.open_names
    if others := _tinker_tensors(subject):
        yield Finding(
            f"{with_verb(len(others), 'tensor', 'are')} named as {TINKER} names them, "
            "not as PEFT does",
            subject.tensor(others[0]),
            "convert the adapter with `build_lora_adapter` of `tinker_cookbook.weights`",
            count=len(others),
            data=Tensors(tuple(others)),
            explains=frozenset(others) | frozenset(subject.missing),
        )
        return
    if any(name.part in FACTORS and name.prefix for name in names.values()):
        return
    has_parts = any(name.is_adapter and name.prefix for name in names.values())
    message, advice = (None if has_parts else _other_method(subject)) or _other_tool(subject)
    if not message:
        return
    yield Finding(
        f"{with_verb(len(names), 'tensor', 'are')} {message}",
        subject.tensor(next(iter(names))),
        advice,
        count=len(names),
        data=Tensors(tuple(names)),
        explains=frozenset(names) | frozenset(subject.missing),
    )


def _tinker_tensors(subject: Subject) -> list[str]:
    """Return the tensors with Tinker's own names; the others have PEFT's."""
    found = names_of_tinker(subject.open_shapes)
    tree, names = subject.tree, subject.adapter.names
    return [n for n in found if tree is None or not has_module(tree, names[n].module)]


def _other_method(subject: Subject) -> tuple[str, str] | None:
    """Return message and help if the names are those of another PEFT method."""
    method = method_of(subject.open_names)
    if method is None:
        return None
    return f"named as PEFT names tensors of {method}", f'write `"{method}"` in `peft_type`'


def _other_tool(subject: Subject) -> tuple[str, str]:
    """Return message and help if the names are those of another tool, else empty strings."""
    dialect = dialect_of(subject.open_names)
    if dialect is None or _fits_base(subject):
        return "", ""
    base_would_not_help = subject.base or _differences(subject)
    advice = CONVERT if dialect.needs_base and base_would_not_help else dialect.advice_for_all()
    details = "".join(f"; {clause}" for clause in _details(subject, dialect))
    return f"{dialect.words}, not as PEFT does{details}", advice


def _details(subject: Subject, dialect: Dialect) -> Iterator[str]:
    """Yield what is unusual about the names, and what is known about the scale."""
    names, header = subject.open_names, subject.adapter.header
    if inside := next((n.partition(PREFIX)[0] for n in names if n.find(PREFIX) > 0), None):
        yield f"PEFT's prefix comes after theirs: `{printable(inside)}{PREFIX}`"
    if ends := _differences(subject):
        yield f"LoRA cannot hold weight differences ({listed(ends)})"
    if dialect.needs_base and not any(n.endswith(".alpha") for n in names):
        alpha = header.metadata.get("alpha") if header else None
        if alpha:
            yield f"alpha is `{printable(alpha)}`, but only in the metadata"
        elif not (header and config_in(header.metadata)):
            yield "no alpha is given, so the scale is assumed to be 1"


def _differences(subject: Subject) -> list[str]:
    """Return the last components of names of weight differences."""
    found = (name.rpartition(".")[2] for name in subject.open_names)
    return sorted({"diff", "diff_b"}.intersection(found))


def _fits_base(subject: Subject) -> bool:
    """Tell whether only PEFT's prefix is missing: the base has the modules."""
    tree, names = subject.tree, subject.open_names.values()
    return tree is not None and any(n.part in FACTORS and has_module(tree, n.module) for n in names)


RULE = Rule("LC501", "foreign-names", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
