"""Draw configs for a base: names that it has or does not have, and options that may clash."""

from __future__ import annotations

import re
from typing import Any, Final

from hypothesis import strategies as st

from loracfg.base.architecture import Architecture, Kind
from loracfg.planning.targets import suffixes

Options = dict[str, st.SearchStrategy[Any]]

_CAPPED: Final = ("pissa", "olora", "OLoRA")
"""Initialisations that may lower a rank, with which block-diagonal factors fail on first use."""


def names_in(base: Architecture) -> list[str]:
    """Return last names, path ends and whole paths of the modules of a base."""
    return sorted({end for path in base.paths() for end in suffixes(path)})


def adaptable(base: Architecture) -> list[str]:
    """Return the last names of modules that PEFT can adapt."""
    modules = base.modules.items()
    return sorted({p.rpartition(".")[2] for p, m in modules if m.kind is not Kind.OTHER})


def some_name(base: Architecture) -> st.SearchStrategy[str]:
    """Draw a name, mostly one that PEFT can adapt."""
    often, seldom = st.sampled_from(adaptable(base)), st.sampled_from([*names_in(base), "absent"])
    return st.integers(0, 9).flatmap(lambda n: often if n else seldom)


def some_names(base: Architecture, most: int = 3) -> st.SearchStrategy[list[str]]:
    """Draw different names."""
    return st.lists(some_name(base), min_size=1, max_size=most, unique=True)


def some_pattern(base: Architecture) -> st.SearchStrategy[str]:
    """Draw a regular expression for whole paths."""
    names = some_names(base).map(lambda found: "|".join(map(re.escape, found)))
    begins = st.sampled_from(["", ".*", r".*\.", r".*\.[01]\..*", r"(?:.*\.)?"])
    return st.builds(lambda start, ends: f"{start}({ends})", begins, names)


def targets(base: Architecture) -> st.SearchStrategy[list[str] | str | None]:
    """Draw `target_modules`."""
    several = some_names(base)
    return st.one_of(several, several, some_pattern(base), st.sampled_from(["all-linear", None]))


def tokens() -> st.SearchStrategy[list[int]]:
    """Draw rows of an embedding."""
    return st.lists(st.integers(0, 96), min_size=1, max_size=3, unique=True)


def initialisations(base: Architecture) -> st.SearchStrategy[bool | str]:
    """Draw `init_lora_weights`, except OLoRA for a model with a Conv1D.

    PEFT creates such adapters, but they raise on the first forward pass, so the plan rejects them.
    """
    values = [False, "gaussian", "pissa", "orthogonal", "mica", "eva", "lora_ga"]
    kinds = {module.kind for module in base.modules.values()}
    return st.sampled_from(values if Kind.CONV1D_GPT2 in kinds else [*values, "olora", "OLoRA"])


def options(base: Architecture) -> Options:
    """Return strategies for the other options of a config."""
    name = some_name(base)
    parameters = [
        f"{path}.{parameter}"
        for path, module in base.modules.items()
        for parameter in module.parameters
    ]
    ends = sorted({end for parameter in parameters for end in suffixes(parameter)})
    numbers = st.integers(0, 2)
    keys = st.one_of(name, some_pattern(base))
    return {
        "bias": st.sampled_from(["all", "lora_only"]),
        "exclude_modules": st.one_of(some_names(base), some_pattern(base)),
        "modules_to_save": some_names(base, 2),
        "rank_pattern": st.dictionaries(keys, st.integers(1, 9), min_size=1, max_size=2),
        "alpha_pattern": st.dictionaries(keys, st.integers(1, 9), min_size=1, max_size=2),
        "layers_to_transform": st.one_of(numbers, st.lists(numbers, max_size=2, unique=True)),
        "layers_pattern": st.sampled_from(["layers", "h", ["layer", "block"], "(?:layers|h)"]),
        "layer_replication": st.lists(
            st.tuples(st.integers(0, 1), st.integers(1, 2)), min_size=1, max_size=2
        ),
        "target_parameters": st.lists(st.sampled_from(ends), min_size=1, max_size=2, unique=True),
        "trainable_token_indices": st.one_of(tokens(), st.dictionaries(name, tokens(), max_size=2)),
        "ensure_weight_tying": st.just(True),
        "use_dora": st.just(True),
        "lora_bias": st.just(True),
        "use_rslora": st.just(True),
        "fan_in_fan_out": st.booleans(),
        "lora_dropout": st.just(0.1),
        "task_type": st.sampled_from(
            ["SEQ_CLS", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"]
        ),
        "init_lora_weights": initialisations(base),
        "kasa_config": st.just({}),
        "velora_config": st.builds(lambda n: {"num_groups": n}, st.integers(1, 7)),
        "monteclora_config": st.builds(lambda n: {"num_samples": n}, st.integers(1, 3)),
        "alora_invocation_tokens": st.just([1, 2]),
        "use_bdlora": st.builds(
            lambda names, blocks, strict: {
                "target_modules_bd_a": names[::2],
                "target_modules_bd_b": names[1::2],
                "nblocks": blocks,
                "match_strict": strict,
            },
            some_names(base),
            st.sampled_from([1, 2, 4]),
            st.booleans(),
        ),
    }


@st.composite
def configs(draw: st.DrawFn, base: Architecture) -> dict[str, object]:
    """Draw a config: targets, a rank, and up to three options."""
    choice = options(base)
    chosen = draw(st.lists(st.sampled_from(sorted(choice)), max_size=3, unique=True))
    rank = draw(st.sampled_from([1, 2, 3, 4, 8, 40]))
    drawn = {name: draw(choice[name]) for name in chosen}
    if "use_bdlora" in drawn and drawn.get("init_lora_weights") in _CAPPED:
        del drawn["use_bdlora"]
    return {"target_modules": draw(targets(base)), "r": rank, **drawn}
