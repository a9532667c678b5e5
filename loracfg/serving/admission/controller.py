"""Decides whether a resource that names adapters may be written to the cluster."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Final, Literal

from loracfg.analysis.policy import Policy
from loracfg.document.display import printable
from loracfg.engine.caches import Caches
from loracfg.engine.options import Options
from loracfg.named_tuple import NamedTuple
from loracfg.runtimes.asked import find_runtime
from loracfg.serving.admission.places import Places
from loracfg.serving.admission.resources import (
    NamedAdapter,
    NamedSet,
    changed_in,
    named_in,
    text_at,
)
from loracfg.serving.admission.review import ReviewRequest, Ruling
from loracfg.serving.gate import FailOn, Gate, GateVerdict
from loracfg.serving.local import LocalAdapter
from loracfg.urls import visible_url

Mode = Literal["deny", "warn"]
"""What happens to a resource with an adapter that is refused."""
OnFailure = Literal["allow", "deny"]
"""What happens to one with an adapter that cannot be judged."""

_GATES: Final = 32
"""The gates that are kept, one for each base and engine."""
_RANK: Final = "max_lora_rank"
_URI: Final = 100
"""Characters of a URI in a message; the API server cuts warnings at 256."""
_NOT_HERE: Final = "it is neither below a place of this service nor in its cache of the Hub"


class AdmissionPolicy(NamedTuple):
    """What the operator has chosen.

    Attributes:
        mode: whether adapters that are refused are denied, or only warned of.
        on_failure: whether what cannot be judged is allowed, with a warning.
        options: how to validate adapters; the base is that of the resource.
        fail_on: the lowest severity that refuses an adapter.
        seconds: the time for one review, after which adapters count as not judged.
        most: how many adapters of a resource are judged; one with more is refused.
    """

    mode: Mode = "deny"
    on_failure: OnFailure = "allow"
    options: Options = Options(isolated=True)
    fail_on: FailOn = "error"
    seconds: float = 5.0
    most: int = 100


class _Judged(NamedTuple):
    """An adapter of a resource, and the verdict on it."""

    adapter: NamedAdapter
    verdict: GateVerdict

    @property
    def words(self) -> str:
        """A sentence on why it is not passed."""
        shown = _shown(self.adapter.uri)
        did = "is refused" if self.verdict.answer == "refused" else "could not be judged"
        return f"{self.adapter.field}: `{shown}` {did}: {self.verdict.reason}"


class AdmissionController:
    """Judges the adapters that resources name. Several threads can use it."""

    def __init__(self, policy: AdmissionPolicy, places: Places, caches: Caches) -> None:
        """Create a controller.

        Raises:
            LoracfgError: the policy names a rule, release or engine that does not exist.
        """
        self._policy, self._places, self._caches = policy, places, caches
        self._gates: OrderedDict[Options, Gate] = OrderedDict()
        self._lock = Lock()
        self._gate(None, None)

    def rule(self, request: ReviewRequest) -> Ruling:
        """Return the answer to a request.

        What does not change, what is being deleted and kinds that are not known are allowed.
        """
        if not request.is_about_content:
            return Ruling(allowed=True)
        named = named_in(request.new)
        if named is None:
            kind = printable(text_at(request.new, "kind") or "without a kind")
            return Ruling(allowed=True, warnings=(f"loracfg does not know the resource {kind}",))
        before = named_in(request.old) if request.operation == "UPDATE" else None
        adapters = tuple(changed_in(named, before))
        if not adapters:
            return Ruling(allowed=True)
        if len(adapters) > self._policy.most:
            return self._too_many(len(adapters))
        base = self._places.base(named.base) if named.base else None
        judged = self._judged(adapters, self._gate(base, named.max_rank))
        return self._ruling(judged, () if base else _of_base(named))

    def _judged(self, adapters: tuple[NamedAdapter, ...], gate: Gate) -> list[_Judged]:
        ends = time.monotonic() + self._policy.seconds
        found = []
        for one in adapters:
            name = _shown(one.uri)
            if time.monotonic() > ends:
                verdict = GateVerdict(name, "failed", None, "the adapters before it took too long")
            else:
                verdict = _judge(gate, self._places.adapter(one.uri), name)
            found.append(_Judged(one, verdict))
        return found

    def _too_many(self, count: int) -> Ruling:
        """Refuse a resource with more adapters than are judged, whoever could hide among them."""
        message = (
            f"the resource names {count} adapters to judge, more than the {self._policy.most} that "
            "this service judges at once: split it, or raise `LORACFG_MAX_ADAPTERS`"
        )
        annotations = (("verdict", "refused"), ("adapters", f"0 judged, {count} refused"))
        if self._policy.mode == "warn":
            return Ruling(True, warnings=(message,), annotations=annotations)
        return Ruling(False, message, 422, annotations=annotations)

    def _gate(self, base: str | None, max_rank: int | None) -> Gate:
        """Return the gate for the base of a resource, and the rank of its server."""
        options = self._policy.options
        if base is not None:
            options = options.with_arguments(base=base)
        told = [with_rank(text, max_rank) for text in options.runtimes]
        is_told = any(one.endswith(f"{_RANK}={max_rank}") for one in told)
        is_judged = is_told or any(_RANK in text for text in options.runtimes)
        options = options.with_arguments(runtimes=told)
        if max_rank is not None and not is_judged:
            options = options.with_arguments(policy=_limited(options.policy, max_rank))
        with self._lock:
            gate = self._gates.get(options)
            if gate is None:
                gate = Gate(options, fail_on=self._policy.fail_on, caches=self._caches)
                self._gates[options] = gate
            self._gates.move_to_end(options)
            if len(self._gates) > _GATES:
                self._gates.popitem(last=False)
        return gate

    def _ruling(self, judged: list[_Judged], of_base: tuple[str, ...]) -> Ruling:
        refused = [one for one in judged if one.verdict.answer == "refused"]
        failed = [one for one in judged if one.verdict.answer == "failed"]
        codes = dict.fromkeys(one.verdict.code for one in judged if one.verdict.code)
        annotations = (
            ("verdict", "refused" if refused else "failed" if failed else "passed"),
            ("adapters", f"{len(judged)} judged, {len(refused)} refused, {len(failed)} failed"),
            *((("codes", " ".join(codes)),) if codes else ()),
        )
        denied = [*(refused if self._policy.mode == "deny" else [])]
        denied += failed if self._policy.on_failure == "deny" else []
        warned = [one for one in (*refused, *failed) if one not in denied]
        warnings = [*(one.words for one in warned), *of_base]
        warnings += [
            f"{one.adapter.field}: {text}" for one in judged for text in one.verdict.warnings
        ]
        message = "; ".join(one.words for one in denied)
        code = 0 if not denied else 422 if denied[0] in refused else 503
        return Ruling(not denied, message, code, tuple(warnings), annotations)


def with_rank(text: str, rank: int | None) -> str:
    """Return an engine, as `--for` takes it, with the largest rank that its servers may have.

    Args:
        text: the engine; a rank that it names is kept.
        rank: what a resource says; None if it is not known, so that no rank is too large.
    """
    runtime = find_runtime(text)
    limit = runtime.profile.limits.get(_RANK)
    if limit is None or _RANK in runtime.given or not limit.choices:
        return text
    known = [one.text for one in limit.choices]
    return f"{text},{_RANK}={rank if str(rank) in known else known[-1]}"


def _limited(policy: Policy | None, rank: int) -> Policy:
    """Return a policy that allows no rank above the given one."""
    policy = policy or Policy()
    allowed = rank if policy.max_rank is None else min(policy.max_rank, rank)
    return policy._replace(max_rank=allowed)


def _shown(uri: str) -> str:
    """Return as much of a URI as leaves room for the reason in a warning."""
    return printable(visible_url(uri), _URI)


def _of_base(named: NamedSet) -> tuple[str, ...]:
    """Return a warning of a base that is named, but not on this machine."""
    if named.base is None:
        return ()
    return (f"{named.base_field}: the base `{_shown(named.base)}` is unknown: {_NOT_HERE}",)


def _judge(gate: Gate, local: LocalAdapter | None, name: str) -> GateVerdict:
    if local is None:
        return GateVerdict(name, "failed", None, _NOT_HERE)
    if local.leaks is not None:
        return GateVerdict(name, "refused", None, f"`{local.leaks}` is a link out of its place")
    return gate.judge_folder(local.folder, name, local.files)
