"""What to do about a name that a client asks vLLM for; nothing here needs vLLM."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Final

from loracfg.adapter.files import Files, Folder
from loracfg.engine.caches import Caches
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.serving.gate import Gate, GateVerdict, failed
from loracfg.serving.identity import identity_of
from loracfg.serving.local import READ_BY_VLLM, LocalAdapter, in_cache
from loracfg.serving.vllm.engine_text import NO_ENGINE, engine_text, stacked_text
from loracfg.serving.vllm.places import RemoteAdapter, below_roots, in_stores, on_hub
from loracfg.serving.vllm.settings import GateSettings
from loracfg.serving.vllm.stored import ReadFile, store
from loracfg.settings.project import read_settings
from loracfg.sources.address import HubAddress
from loracfg.sources.source import OWN_FILES, Source

_KEPT_SECONDS: Final = 30.0
"""How long the answer for an adapter on another machine is kept, unless it was passed."""
_KEPT: Final = 1_000
_Judge = Callable[[Gate], GateVerdict]


class Decision(NamedTuple):
    """What to do about a name.

    Attributes:
        verdict: the verdict on the adapter; None if there is no adapter with this name.
        path: the folder to load; None if there is nothing to load.
        loads: whether to load it.
    """

    verdict: GateVerdict | None = None
    path: Path | None = None
    loads: bool = False


_NOT_FOUND: Final = Decision()


class Decisions:
    """Decides about names, for the base of one server. Several threads can use it."""

    def __init__(self, settings: GateSettings, base: str, version: str) -> None:
        """Prepare the gate.

        Args:
            settings: the settings.
            base: the base that the server loaded, a folder or an id.
            version: the version of vLLM.

        Raises:
            LoracfgError: the settings name a rule, release or engine that does not exist.
        """
        self._settings = settings
        options = _options(settings, settings.base or base, version)
        caches = Caches()
        self._gate = self._gate_of(options, caches)
        told = [one for text in options.runtimes if (one := stacked_text(text))]
        stacked = options.with_arguments(runtimes=told) if told else None
        self._stacked = None if stacked is None else self._gate_of(stacked, caches)
        self._recent = _Recent()

    def decide(self, name: str) -> Decision:
        """Return what to do about a name; this never raises."""
        local = below_roots(name, self._settings.roots)
        if local is not None:
            return self._of_local(local, name)
        address = on_hub(name, self._settings.hub)
        if address is not None:
            cached = None if self._settings.online else in_cache(address)
            if cached is not None:
                return self._of_local(cached, name)
        remote = [address] if address is not None and self._settings.online else []
        return self._of_remote([*remote, *in_stores(name, self._settings.stores)], name)

    def _of_local(self, local: LocalAdapter, name: str) -> Decision:
        if local.leaks is not None:
            why = f"`{local.leaks}` is a link out of the root"
            return Decision(GateVerdict(name, "refused", None, why))
        verdict = self._verdict_on(local.folder, local.files, name)
        if verdict.answer == "refused" or not (self._settings.copy and local.in_root):
            return self._decision(verdict, local.folder)
        try:
            copy = self._copied(local)
        except (LoracfgError, OSError) as error:
            return Decision(failed(name, error))
        return self._decision(self._verdict_on(copy, Folder(copy), name), copy)

    def _of_remote(self, addresses: list[RemoteAdapter], name: str) -> Decision:
        """Return the decision on the first of some addresses that has an adapter."""
        for address in addresses:
            decision = self._recent.find(address)
            if decision is None:
                decision = self._at(address, name)
                if not decision.loads:
                    self._recent.add(address, decision)
            if decision.verdict is not None:
                return decision
        return _NOT_FOUND

    def _at(self, address: RemoteAdapter, name: str) -> Decision:
        """Judge an adapter on another machine by its header, and download it if it passes."""
        from loracfg.sources.remote.errors import AbsentError, RemoteError
        from loracfg.sources.remote.opening import open_remote

        try:
            source = next(open_remote(address), None)
            if source is None or not OWN_FILES & source.files.sizes().keys():
                return _NOT_FOUND
            verdict = self._gate.judge(source, name)
            verdict = self._told(verdict, lambda gate: gate.judge(source, name))
            if not verdict.passed:
                return Decision(verdict)
            folder = self._downloaded(address, source)
        except AbsentError:
            return _NOT_FOUND
        except RemoteError as error:
            return _NOT_FOUND if error.status == 404 else Decision(failed(name, error))
        except (LoracfgError, OSError) as error:
            return Decision(failed(name, error))
        return self._decision(self._verdict_on(folder, Folder(folder), name), folder)

    def _verdict_on(self, folder: Path, files: Files, name: str) -> GateVerdict:
        """Judge a folder on this machine, as the request will describe it to the engine."""
        verdict = self._gate.judge_folder(folder, name, files)
        return self._told(verdict, lambda gate: gate.judge_folder(folder, name, files))

    def _told(self, verdict: GateVerdict, judge: _Judge) -> GateVerdict:
        """Return the verdict of the gate for stacked experts on an adapter that has them."""
        return judge(self._stacked) if verdict.stacked_experts and self._stacked else verdict

    def _decision(self, verdict: GateVerdict, folder: Path) -> Decision:
        is_loaded = self._settings.on_failure == "load" and verdict.answer == "failed"
        return Decision(verdict, folder, verdict.passed or is_loaded)

    def _copied(self, local: LocalAdapter) -> Path:
        """Return a copy of an adapter in which no later change has an effect."""
        assert self._settings.cache is not None
        before = identity_of(local.folder)
        present = local.files.sizes()
        names = (name for name in READ_BY_VLLM if name in present)
        files = (ReadFile(name, local.files.open(name)) for name in names)
        folder = store(files, self._settings.cache)
        if identity_of(local.folder) != before:
            message = f"`{local.folder}` changed while it was copied"
            raise LoracfgError(message, "ask again")
        return folder

    def _downloaded(self, address: RemoteAdapter, source: Source) -> Path:
        """Return a folder on this machine with the files that vLLM reads."""
        if isinstance(address, HubAddress):
            return _from_hub(address, _present(source))
        assert self._settings.cache is not None
        return store(_files_of(source), self._settings.cache)

    def _gate_of(self, options: Options, caches: Caches) -> Gate:
        fail_on, strict = self._settings.fail_on, self._settings.strict
        return Gate(options, fail_on=fail_on, strict=strict, caches=caches)


class _Recent:
    """The latest decisions on adapters on other machines, for a short time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[float, Decision]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Decision | None:
        with self._lock:
            ends, decision = self._kept.get(key, (0.0, None))
            return decision if time.monotonic() < ends else None

    def add(self, key: Hashable, decision: Decision) -> None:
        with self._lock:
            self._kept[key] = (time.monotonic() + _KEPT_SECONDS, decision)
            self._kept.move_to_end(key)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def _options(settings: GateSettings, base: str, version: str) -> Options:
    """Return how to validate adapters: what the file says, with the base and engine of the server.

    Raises:
        LoracfgError: the file is wrong.
    """
    chosen = read_settings(settings.config).options_for() if settings.config else Options()
    text = settings.engine or (None if chosen.runtimes else engine_text(version))
    if text is not None:
        chosen = chosen.with_arguments(runtimes=() if text == NO_ENGINE else text.split())
    return chosen.with_arguments(base=base, online=settings.online)


def _from_hub(address: HubAddress, names: Iterable[str]) -> Path:
    """Download files of an adapter to the cache of the Hub, and return their folder there.

    Raises:
        LoracfgError: they cannot be downloaded, or are of different commits.
    """
    from huggingface_hub import hf_hub_download

    inside = f"{address.inside}/" if address.inside else ""
    try:
        found = {
            Path(hf_hub_download(address.repo, f"{inside}{name}", revision=address.revision)).parent
            for name in names
        }
    except Exception as error:
        message = f"`{address}` cannot be downloaded ({type(error).__name__})"
        raise LoracfgError(message, "check the network and `HF_TOKEN`") from None
    if len(found) != 1:
        raise LoracfgError(f"`{address}` changed while it was downloaded", "ask again")
    return found.pop()


def _files_of(source: Source) -> Iterator[ReadFile]:
    for name in _present(source):
        yield ReadFile(name, source.files.open(name))


def _present(source: Source) -> list[str]:
    """Return the files of an adapter that vLLM reads."""
    listed = source.files.sizes()
    return [name for name in READ_BY_VLLM if name in listed]
