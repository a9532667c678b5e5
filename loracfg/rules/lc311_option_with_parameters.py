"""An option is set that adapters of parameters do not have.

What `target_parameters` name gets plain LoRA: PEFT raises a `ValueError` for dropout,
`fan_in_fan_out`, `lora_bias`, DoRA and every other variant (0.17 and newer).

Fires:

    made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}
    config {"lora_dropout": 0.1}

Passes:

    made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}

Passes:

    config {"target_parameters": ["experts.down_proj"], "lora_dropout": 0.1}

The last one names no parameter of the base, so PEFT warns and goes on.

Repair: unset the option.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.config.constraints import WITH_PARAMETERS
from loracfg.plan.targets import suffixes
from loracfg.rules.conflicts import conflicting
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject


def _tensors_of_parameters(subject: Subject) -> frozenset[str]:
    """Return the tensors of layers that no target module selects."""
    matched = subject.selection.matched if subject.selection else {}
    names = subject.open_names.values()
    return frozenset(n.name for n in names if n.is_adapter and n.module not in matched)


_report = conflicting(
    WITH_PARAMETERS,
    "unset it, or target modules instead of parameters",
    _tensors_of_parameters,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Report the option unless it is known that none of the parameters gets it."""
    for finding in _report(subject):
        if subject.base is None or not subject.certain or _is_met(subject):
            yield finding


def _is_met(subject: Subject) -> bool:
    """Tell whether a parameter of the base gets the option.

    Some are unset on the way: `fan_in_fan_out`, for linear layers that are adapted before.
    """
    config, base = subject.config, subject.base
    if subject.plan:
        return any(failure.kind == WITH_PARAMETERS for failure in subject.plan.failures)
    if config is None or base is None:
        return False
    wanted = frozenset(config.target_parameters or ())
    names = (
        f"{path}.{name}" for path, module in base.modules.items() for name in module.parameters
    )
    return any(end in wanted for name in names for end in suffixes(name))


RULE = Rule("LC311", "option-with-parameters", "error", Noted([WITH_PARAMETERS], check), __name__)
