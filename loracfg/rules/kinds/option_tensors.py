"""Checks for tensors of a config option: missing although it is set, or needless without it."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.config_options import Option, OptionTensors, is_in_every_layer
from loracfg.analysis.noted import changed, tensor_of
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Check, Finding, GatedCheck


def reporting_missing(option: Option) -> Check:
    """Return a check for layers without the tensor although the option is set."""
    field, suffix = option.field, option.suffix

    def check(subject: Subject) -> Iterator[Finding]:
        missing = option.missing_tensors(subject)
        if missing:
            yield Finding(
                f"`{field}` is set, but {with_verb(len(missing), 'layer', 'have')} no `{suffix}`",
                subject.value(f"/{field}"),
                f"save the adapter again with `{suffix}`, or unset `{field}` if it was trained "
                "without",
                count=len(missing),
                explains=frozenset(missing),
                data=OptionTensors(field, tuple(missing)),
            )

    return GatedCheck([changed(field)], check)


def reporting_needless(option: Option) -> Check:
    """Return a check for tensors of the option although it is not set."""
    field, part, suffix = option.field, option.part, option.suffix

    def check(subject: Subject) -> Iterator[Finding]:
        names = option.unneeded_tensors(subject)
        if not names:
            return
        is_vector = part in (Part.MAGNITUDE, Part.BIAS)
        is_complete = is_vector and is_in_every_layer(subject, part)
        named = f"{with_verb(len(names), 'tensor', 'are')} named `{suffix}`"
        yield Finding(
            f"{named}, but `{field}` is not set",
            subject.value(f"/{field}"),
            "save the adapter again, or remove them; not every layer has one of the right size"
            if is_vector and not is_complete
            else f"set `{field}` as in training",
            count=len(names),
            explains=frozenset(names),
            data=OptionTensors(field, tuple(names), is_complete),
        )

    return GatedCheck([tensor_of(part)], check)
