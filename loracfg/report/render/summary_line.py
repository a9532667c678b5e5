"""The verdict on an adapter besides its findings, as sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loracfg.report.audience import advice_for_all
from loracfg.report.render.words import counted, scale_words, visible
from loracfg.report.report import OF_POLICY, SEVERITIES, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loracfg.report.report import AdapterReport, Base, NotChecked, Scaling

_SOURCES: Final = {
    "catalogue": "from the catalogue",
    "checkpoint": "from the checkpoint",
    "facts": "from a file of facts",
    "transformers": "from transformers",
}
_BY_ID: Final = r"(?a)([\w.-]+(?:/[\w.-]+)?)@([0-9a-f]{7})[0-9a-f]{33}"


def verdict_lines(adapter: AdapterReport) -> Iterator[str]:
    """Yield the base of an adapter, its numbers, its releases and what was not checked."""
    if adapter.base:
        yield base_line(adapter.base)
    tensors = (coverage_sentence(adapter), scaling_sentence(adapter.scaling))
    releases = (_written_by(adapter), loads_in_words(adapter))
    for sentences in (tensors, releases):
        paragraph = " ".join(sentence for sentence in sentences if sentence)
        if paragraph:
            yield paragraph
    if adapter.read:
        yield f"read: {_read_words(adapter)}"
    yield from not_checked_lines(adapter)
    if hidden := hidden_words(adapter):
        yield hidden


def base_line(base: Base) -> str:
    """Return the class of a base, where its modules are from, and the config that was read."""
    return f"base: {_base_name(base)} ({_source(base)}){_read(base)}"


def not_checked_lines(adapter: AdapterReport) -> list[str]:
    """Return a line for each thing that was not checked."""
    return list(map(_not_checked, adapter.not_checked))


def unchecked_policy_lines(adapter: AdapterReport) -> list[str]:
    """Return a line for each thing that a policy is about and that was not checked."""
    return [_not_checked(one) for one in adapter.not_checked if one.what in OF_POLICY]


def _not_checked(gap: NotChecked) -> str:
    return f"not checked: {visible(gap.what)} ({visible(gap.why)})"


def _read_words(adapter: AdapterReport) -> str:
    """Return what was read, and how to read the values too."""
    *rest, last = ("tensor names" if one == "names" else one for one in adapter.read)
    text = f"{', '.join(rest)} and {last}" if rest else last
    were_requested = "values" in adapter.read or any(
        gap.what == VALUES for gap in adapter.not_checked
    )
    return (
        text
        if were_requested or "names" not in adapter.read
        else f"{text}; {advice_for_all('values only with `--data`', 'no values')}"
    )


def hidden_words(adapter: AdapterReport) -> str:
    """Return how many findings `select`, `ignore` and a baseline hide; empty if none."""
    both = zip(adapter.hidden, adapter.accepted, strict=True)
    hidden = _counts(all_hidden - accepted for all_hidden, accepted in both)
    accepted = _counts(adapter.accepted)
    parts = [f"hidden by `select` or `ignore`: {hidden}"] if hidden else []
    parts += [f"accepted by the baseline: {accepted}"] if accepted else []
    return "; ".join(parts)


def _counts(numbers: Iterable[int]) -> str:
    counts = zip(SEVERITIES, numbers, strict=True)
    return ", ".join(counted(number, severity) for severity, number in counts if number)


def _base_name(base: Base) -> str:
    return visible(base.class_name or base.model_type or "unnamed base")


def _source(base: Base) -> str:
    source = _SOURCES[base.source]
    if base.source == "transformers" and base.library:
        return f"from the installed {visible(base.library)}"
    return f"{source} of {visible(base.library)}" if base.library else source


def _read(base: Base) -> str:
    """Return a comma and the config that was read, with the commit shortened like in git."""
    if not base.config:
        return ""
    by_id = re.fullmatch(_BY_ID, base.config) if "@" in base.config else None
    if by_id:
        return f", {by_id[1]} at {by_id[2]}, from the local cache"
    return f", {visible(base.config)}"


def coverage_sentence(adapter: AdapterReport) -> str:
    """Return how many tensors apply to the base; empty if there are none to compare."""
    coverage, base = adapter.coverage, adapter.base
    if coverage.expected is None or coverage.applied is None:
        if not coverage.tensors:
            return ""
        if adapter.other_method:
            return f"{counted(coverage.tensors, 'tensor')}."
        reason = f"not compared with {_base_name(base)}" if base else "no base to compare with"
        return f"{counted(coverage.tensors, 'tensor')}, {reason}."
    apply = "tensor applies" if coverage.expected == 1 else "tensors apply"
    target = _base_name(base) if base else "the base"
    rest = [
        f"{number} {word}"
        for number, word in (
            (coverage.mismatched, "with a wrong shape"),
            (coverage.missing, "missing"),
            (coverage.unexpected, "unexpected"),
        )
        if number
    ]
    note = f" ({', '.join(rest)})" if rest else ""
    return f"{coverage.applied} of {coverage.expected} {apply} to {target}{note}."


def scaling_sentence(scaling: Scaling | None) -> str:
    """Return the scale, or its range; empty if it is unknown."""
    if scaling is None:
        return ""
    low, high = scale_words(scaling.min), scale_words(scaling.max)
    return f"Scale {low}." if low == high else f"Scale {low} to {high}."


def _written_by(adapter: AdapterReport) -> str:
    if not adapter.written_by:
        return ""
    evidence = adapter.written_by.get("evidence")
    reason = f" ({visible(evidence)})" if evidence else ""
    return f"Written by PEFT {visible(adapter.written_by['peft'])}{reason}."


def loads_in_words(adapter: AdapterReport) -> str:
    """Return the releases of PEFT that load an adapter; empty if they are unknown."""
    if not adapter.loads_in:
        return ""
    fine, differing = adapter.loads_in["peft"], adapter.loads_in.get("differing")
    text = "Loads in no release of PEFT." if fine == "none" else f"Loads in PEFT {visible(fine)}."
    return text + (f" Computes something different in {visible(differing)}." if differing else "")
