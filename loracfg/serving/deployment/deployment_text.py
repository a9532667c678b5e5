"""Shows a plan for a server as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.report.render.words import bytes_words, counted, visible
from loracfg.serving.deployment.command_forms import (
    arguments_of,
    command_of,
    values_of,
    variable_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.document.json_value import Json, JsonObject
    from loracfg.runtimes.server_limits import Value
    from loracfg.serving.deployment.deployment import Deployment
    from loracfg.serving.deployment.server_memory import BufferMemory


def text_of(plan: Deployment) -> str:
    """Return a plan for people: the command, the memory, and what needs attention."""
    number, every = len(plan.shared), len(plan.shared) + len(plan.apart)
    head = f"{plan.runtime.shown}: {number} of {counted(every, 'adapter')} can share a server"
    return "".join(f"{visible(line)}\n" for line in [head, *_lines(plan)])


def _lines(plan: Deployment) -> Iterator[str]:
    if plan.runtime.untried:
        yield f"not known: {plan.runtime.untried}"
    if plan.shared:
        yield from ("", command_of(plan), "")
        yield from _of_memory(plan)
    yield from _of_requests(plan)
    for one in plan.apart:
        yield from ("", f"{one.name} cannot share it:")
        yield from (f"  {reason}" for reason in one.reasons)


def _of_memory(plan: Deployment) -> Iterator[str]:
    if plan.memory is None:
        yield f"memory: not known, since {plan.unknown}"
        return
    memory = plan.memory
    slots = f"{_size(memory.slot)} for each of {counted(memory.slots, 'slot')}"
    fixed = f", and {_size(memory.fixed)}" if memory.fixed else ""
    on_each = "on each device" if memory.devices > 1 else "on the device"
    yield f"memory: {_size(memory.device)} {on_each}: {slots}{fixed}"
    if memory.devices > 1:
        yield f"        {_size(memory.total)} on {memory.devices} devices"
    if plan.most_expensive:
        costly = plan.most_expensive
        changed = ", ".join(_changes(plan.settings, costly.settings))
        what = f" ({changed})" if changed else ""
        yield f"most expensive: {costly.name}; without it, {_size(costly.saved)} less{what}"


def _changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[str]:
    """Yield how settings differ."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield f"{name} without {', '.join(sorted({*old} - {*new}))}"
        else:
            yield f"{name} {new if new is not None else 'left out'}"


def _of_requests(plan: Deployment) -> Iterator[str]:
    """Yield what to do when adapters are loaded, and what nobody knows about them."""
    for one in plan.shared:
        if one.requested:
            yield f"load {one.name} with {', '.join(one.requested)}"
        yield from (f"not known about {one.name}: {what}" for what in one.unknown)


def _size(number: int) -> str:
    return f"{bytes_words(number)} ({number:,} bytes)" if number >= 1024 else bytes_words(number)


def data_of(plan: Deployment) -> JsonObject:
    """Return a plan for programs, as `docs/deploy.md` describes it."""
    costly = plan.most_expensive
    return {
        "runtime": plan.runtime.profile.name,
        "version": plan.runtime.version,
        "untried": plan.runtime.untried or None,
        "base": plan.base,
        "shared": [
            {
                "path": one.name,
                "rank": one.rank,
                "targets": list(one.targets),
                "requested": list(one.requested),
                "not_known": list(one.unknown),
            }
            for one in plan.shared
        ],
        "apart": [{"path": one.name, "reasons": list(one.reasons)} for one in plan.apart],
        "settings": _settings(plan.settings),
        "memory": _memory(plan.memory) if plan.memory else None,
        "memory_not_known": plan.unknown or None,
        "most_expensive": {
            "path": costly.name,
            "saved_bytes": costly.saved,
            "settings": _settings(costly.settings),
        }
        if costly
        else None,
        "arguments": list(arguments_of(plan)) if plan.shared else None,
        "command": command_of(plan) if plan.shared else None,
        "environment": variable_of(plan) if plan.shared else None,
        "kubernetes": values_of(plan) if plan.shared else None,
    }


def _settings(settings: Mapping[str, Value]) -> JsonObject:
    found: dict[str, Json] = {}
    for name, value in settings.items():
        found[name] = list(value) if isinstance(value, tuple) else value
    return found


def _memory(memory: BufferMemory) -> JsonObject:
    return {
        "slot_bytes": memory.slot,
        "fixed_bytes": memory.fixed,
        "slots": memory.slots,
        "devices": memory.devices,
        "device_bytes": memory.device,
        "total_bytes": memory.total,
    }
