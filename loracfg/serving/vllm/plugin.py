"""The entry point of the plugin, which vLLM calls in each of its processes.

Nothing that goes wrong here may stop vLLM: it is logged, and then no adapter is loaded, or the
server runs without the gate if the operator has chosen that.
"""

from __future__ import annotations

import logging
import os

from loracfg.crash import show_traceback
from loracfg.errors import LoracfgError
from loracfg.serving.vllm.settings import is_configured, on_failure_of, read_gate_settings

_LOG = logging.getLogger("vllm.plugins.loracfg")


def register() -> None:
    """Register the gate as a resolver; without any place to look in, do nothing."""
    if not is_configured(os.environ):
        return
    try:
        settings = read_gate_settings(os.environ)
        from loracfg.serving.vllm import resolver

        resolver.register(resolver.GateResolver(settings))
    except LoracfgError as error:
        _close(str(error))
    except Exception as error:
        show_traceback(error)
        _close(f"{type(error).__name__}: {error}")


def _close(why: str) -> None:
    """Refuse every adapter, or go on without the gate."""
    if on_failure_of(os.environ) == "load":
        _LOG.error("loracfg does not judge LoRA adapters: %s", why)
        return
    _LOG.error("loracfg refuses all LoRA adapters: %s", why)
    try:
        from loracfg.serving.vllm import resolver

        resolver.register(resolver.ClosedResolver())
    except Exception as error:  # without a resolver, vLLM loads nothing by name either
        show_traceback(error)
