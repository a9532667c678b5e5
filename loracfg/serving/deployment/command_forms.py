"""Writes the settings of a server as arguments, a command, a variable and Kubernetes values."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.serving.deployment.served_model import model_of

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject
    from loracfg.runtimes.server_limits import Value
    from loracfg.serving.deployment.deployment import Deployment


def arguments_of(plan: Deployment) -> list[str]:
    """Return the arguments of the server for the settings of a plan."""
    return [*_of_hardware(plan), "--enable-lora", *_of_settings(plan)]


def command_of(plan: Deployment) -> str:
    """Return the command that starts the server, for a shell."""
    model = model_of(plan.base)
    arguments = [model.name, *model.arguments, *arguments_of(plan)]
    return f"{plan.server.command} {shlex.join(arguments)}"


def variable_of(plan: Deployment) -> str | None:
    """Return the assignment of the variable that holds the arguments, for a shell.

    KServe's `LLMInferenceService` reads it from the environment of its container. None for engines
    without such a variable.
    """
    name = plan.server.variable
    return f"{name}={shlex.quote(shlex.join(arguments_of(plan)))}" if name else None


def values_of(plan: Deployment) -> JsonObject | None:
    """Return values for the Helm chart of the vLLM production stack, which is its `helm/`.

    None for engines that it does not start.
    """
    if not plan.server.chart:
        return None
    base = model_of(plan.base)
    settings = _of_settings(plan, without=plan.server.active)
    config: JsonObject = {"extraArgs": [*base.arguments, *settings]}
    if plan.devices > 1:
        config["tensorParallelSize"] = plan.devices
    if plan.dtype != "auto":
        config["dtype"] = plan.dtype
    config["maxLoras"] = _number(plan.settings[plan.server.active])
    model: JsonObject = {"modelURL": base.name, "enableLoRA": True, "vllmConfig": config}
    return {"servingEngineSpec": {"modelSpec": [model]}}


def yaml_of(value: object, indent: int = 0) -> str:
    """Return JSON data as YAML blocks, with strings as JSON writes them."""
    pad = " " * indent
    if value and isinstance(value, dict):
        return "".join(f"{pad}{key}:{_below(one, indent)}" for key, one in value.items())
    if value and isinstance(value, list):
        return "".join(f"{pad}-{_below(one, indent, is_item=True)}" for one in value)
    return f"{pad}{json.dumps(value)}\n"


def _below(value: object, indent: int, *, is_item: bool = False) -> str:
    if not value or not isinstance(value, dict | list):
        return f" {json.dumps(value)}\n"
    inner = yaml_of(value, indent + 2)
    return f" {inner.lstrip(' ')}" if is_item else f"\n{inner}"


def _of_hardware(plan: Deployment) -> Iterator[str]:
    if plan.devices > 1:
        yield from (_option(plan.server.devices), f"{plan.devices}")
    if plan.dtype != "auto":
        yield from ("--dtype", plan.dtype)


def _of_settings(plan: Deployment, without: str = "") -> Iterator[str]:
    """Yield the arguments for settings that differ from their default."""
    for name, value in plan.settings.items():
        default = plan.runtime.profile.limits[name].default
        is_plain = name in (plan.server.rank, plan.server.active, plan.server.kept)
        if name in (without, "enable_lora") or (value == default and not is_plain):
            continue
        if isinstance(value, bool):
            yield _option(name) if value else _option(f"no_{name}")
        elif isinstance(value, tuple):
            yield from (_option(name), *value)
        else:
            yield from (_option(name), f"{value}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _number(value: Value) -> int:
    assert isinstance(value, int)
    return value
