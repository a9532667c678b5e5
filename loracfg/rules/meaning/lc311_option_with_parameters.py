"""An option is set that LoRA on parameters does not support.

PEFT only supports plain LoRA on the parameters in `target_parameters`. It raises a `ValueError` for
dropout, `fan_in_fan_out`, `lora_bias`, DoRA and every other variant (0.17 and newer). On a base
with stacked experts, it also raises if `target_modules` selects the experts, as `all-linear` does.

Fires:

    made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}
    config {"lora_dropout": 0.1}

Passes:

    made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}

Passes:

    config {"target_parameters": ["experts.down_proj"], "lora_dropout": 0.1}

In the last example, no parameter of the base has this name, so PEFT only warns.

Repair: unset the option.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.config.model.constraints import WITH_PARAMETERS
from loracfg.planning.layer_tensors import Role
from loracfg.planning.targets import suffixes
from loracfg.report.evidence import ModulePaths
from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Finding, GatedCheck, Rule

_ADVICE: Final = "unset it, or target modules instead of parameters"
_OPTION_ROLES: Final = frozenset({Role.MAGNITUDE, Role.FACTOR_BIAS, Role.VARIANT})


def _explained(subject: Subject) -> frozenset[str]:
    """Return tensors of modules that `target_modules` does not select, and the option's own."""
    matched = subject.selection.matched if subject.selection else {}
    names = subject.open_names.values()
    found = (n.name for n in names if n.is_adapter and n.module not in matched)
    return frozenset(found) | _option_tensors(subject)


def _option_tensors(subject: Subject) -> frozenset[str]:
    missing = subject.missing.items()
    return frozenset(name for name, expected in missing if expected.role in _OPTION_ROLES)


_report_conflict = conflicting(WITH_PARAMETERS, _ADVICE, _explained)


def check(subject: Subject) -> Iterator[Finding]:
    """Report the option unless the base certainly has no parameter that would get it."""
    if subject.config and not subject.config.target_parameters:
        yield from _report_experts(subject)
    base = subject.base
    for finding in _report_conflict(subject):
        if base is None or not subject.certain or _applies(subject, base):
            yield finding


def _report_experts(subject: Subject) -> Iterator[Finding]:
    """Report options of experts in `target_modules`, which PEFT adapts as parameters."""
    failures = subject.plan.failures if subject.plan else ()
    groups: dict[str, list[str]] = {}
    for failure in failures:
        if failure.kind == WITH_PARAMETERS and failure.path:
            groups.setdefault(failure.message, []).append(failure.path)
    for message, paths in groups.items():
        modules = {path.rpartition(".")[0] for path in paths}
        names = (n.name for n in subject.open_names.values() if n.module in modules)
        yield Finding(
            f"{message}, and PEFT adapts {listed(paths)} as parameters",
            subject.value("/target_modules"),
            "unset it, or leave the experts out of `target_modules`",
            count=len(paths),
            explains=frozenset(names) | _option_tensors(subject),
            data=ModulePaths(tuple(paths), "target_modules"),
        )


def _applies(subject: Subject, base: Architecture) -> bool:
    """Tell whether a parameter of the base gets the option.

    If there is a plan, it decides: PEFT unsets `fan_in_fan_out` after it adapts a linear layer.
    """
    if subject.plan:
        return any(failure.kind == WITH_PARAMETERS for failure in subject.plan.failures)
    assert subject.config is not None  # it has the option
    wanted = frozenset(subject.config.target_parameters or ())
    names = (
        f"{path}.{name}" for path, module in base.modules.items() for name in module.parameters
    )
    return any(end in wanted for name in names for end in suffixes(name))


RULE = Rule(
    "LC311", "option-with-parameters", "error", GatedCheck([WITH_PARAMETERS], check), __name__
)
