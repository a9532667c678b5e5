"""The resolver that vLLM asks for adapters that it has not loaded."""

from __future__ import annotations

import asyncio
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from vllm.logger import init_logger
from vllm.lora.request import LoRARequest
from vllm.lora.resolver import LoRAResolver, LoRAResolverRegistry

from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.serving.vllm.decisions import Decision, Decisions
from loracfg.serving.vllm.engine_text import IN_THREE
from loracfg.serving.vllm.metrics import gate_metrics
from loracfg.serving.vllm.settings import GateSettings

try:  # newer versions choose the status by these classes, older ones by Python's
    from vllm.exceptions import VLLMClientError as _ClientError
    from vllm.exceptions import VLLMServerError as _ServerError
except ImportError:
    _ClientError, _ServerError = ValueError, RuntimeError

NAME: Final = "loracfg"
"""The name of the resolver in vLLM's registry, and of the plugin in `VLLM_PLUGINS`."""
_THREADS: Final = 2
_LENGTH: Final = 200

logger = init_logger("vllm.plugins.loracfg")


class RefusedLoRAError(_ClientError):  # type: ignore[misc]  # vLLM has no types here
    """An adapter that the gate refused: a 400, and no other resolver is asked for it."""


class GateFailedError(_ServerError):  # type: ignore[misc]  # vLLM has no types here
    """An adapter that the gate could not judge: a 500, and no other resolver is asked for it."""


class GateResolver(LoRAResolver):  # type: ignore[misc]  # vLLM has no types here
    """Judges the adapters that clients ask for, before the engine loads them."""

    def __init__(self, settings: GateSettings) -> None:
        """Create a resolver; the gate is prepared for the first adapter.

        Raises:
            LoracfgError: the settings name a rule, release or engine that does not exist.
        """
        self._settings = settings
        Decisions(settings, ".", _version())
        self._threads = ThreadPoolExecutor(_THREADS, "loracfg-gate")
        self._decisions: dict[str, Decisions] = {}
        self._has_looked_around = False

    async def resolve_lora(self, base_model_name: str, lora_name: str) -> LoRARequest | None:
        """Return the request for an adapter that passes; None if there is none with this name.

        Raises:
            RefusedLoRAError: the adapter must not be loaded.
            GateFailedError: it could not be judged.
        """
        self._look_around()
        started = time.perf_counter()
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, self._decide, base_model_name, lora_name)
        decision = await work
        return self._answer(decision, lora_name, time.perf_counter() - started)

    def _decide(self, base: str, name: str) -> Decision:
        """Decide about a name; the gate for a base is made once.

        Raises:
            GateFailedError: there can be none, since a setting is wrong.
        """
        if base not in self._decisions:
            try:
                self._decisions[base] = Decisions(self._settings, base, _version())
            except LoracfgError as error:
                logger.error("loracfg cannot judge adapters: %s", error)  # noqa: TRY400  # expected
                raise GateFailedError("the gate for LoRA adapters is not set up") from None
        try:
            return self._decisions[base].decide(name)
        except Exception as error:
            logger.exception("loracfg failed on LoRA adapter `%s`", printable(name, _LENGTH))
            raise GateFailedError("the gate for LoRA adapters has failed") from error

    def _answer(self, decision: Decision, name: str, seconds: float) -> LoRARequest | None:
        verdict, shown = decision.verdict, printable(name, _LENGTH)
        if verdict is None:
            gate_metrics().note("absent", None, seconds)
            return None
        gate_metrics().note(verdict.answer, verdict.code, seconds)
        for warning in verdict.warnings:
            logger.info("LoRA adapter `%s`: %s", shown, warning)
        if decision.loads:
            assert decision.path is not None
            if not verdict.passed:
                logger.error("LoRA adapter `%s` is loaded unjudged: %s", shown, verdict.reason)
            return request_for(name, str(decision.path), stacked=verdict.stacked_experts)
        if verdict.answer == "refused":
            logger.warning("LoRA adapter `%s` is refused: %s", shown, verdict.reason)
            raise RefusedLoRAError(f"LoRA adapter `{shown}` was refused: {verdict.reason}")
        logger.error("LoRA adapter `%s` could not be judged: %s", shown, verdict.reason)
        raise GateFailedError(f"LoRA adapter `{shown}` could not be judged")

    def _look_around(self) -> None:
        """Warn once of other resolvers, which may load what the gate refuses."""
        if self._has_looked_around:
            return
        self._has_looked_around = True
        others = [one for one in LoRAResolverRegistry.get_supported_resolvers() if one != NAME]
        if others:
            logger.warning(
                "Other LoRA resolvers (%s) may load adapters that loracfg refuses; set "
                "VLLM_PLUGINS=loracfg to use none of them.",
                ", ".join(sorted(others)),
            )


class ClosedResolver(LoRAResolver):  # type: ignore[misc]  # vLLM has no types here
    """Loads nothing, because the gate could not be set up."""

    async def resolve_lora(self, base_model_name: str, lora_name: str) -> LoRARequest | None:
        """Refuse every adapter.

        Raises:
            GateFailedError: always.
        """
        gate_metrics().note("failed", None, 0.0)
        raise GateFailedError("the gate for LoRA adapters is not set up")


def request_for(name: str, path: str, *, stacked: bool) -> LoRARequest:
    """Return the request for an adapter, with what the installed vLLM must be told about it.

    vLLM 0.22 and newer cannot tell factors of stacked experts by themselves. The id is replaced by
    vLLM (0.33.0, `vllm/entrypoints/openai/models/serving.py`).
    """
    number = zlib.crc32(name.encode("utf-8", "surrogatepass")) or 1
    told = {IN_THREE: True} if stacked and IN_THREE in LoRARequest.__struct_fields__ else {}
    return LoRARequest(lora_name=name, lora_int_id=number, lora_path=path, **told)


def register(resolver: LoRAResolver) -> None:
    """Register a resolver with vLLM, unless one of ours is registered."""
    if NAME not in LoRAResolverRegistry.get_supported_resolvers():
        LoRAResolverRegistry.register_resolver(NAME, resolver)


def _version() -> str:
    try:
        return version("vllm")
    except PackageNotFoundError:
        return ""
