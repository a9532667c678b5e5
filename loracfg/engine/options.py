"""The options of a validation."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from loracfg.analysis.policy import Policy
from loracfg.config.history.releases import loading_release
from loracfg.errors import LoracfgError
from loracfg.plan.patterns import DEFAULT_SECONDS
from loracfg.rules.choice import RuleChoice, choice_of

if TYPE_CHECKING:
    from typing import Self

    from loracfg.runtimes.profile import Runtime


class OptionArguments(TypedDict, total=False):
    """The fields of `Options` as keyword arguments."""

    base: str | os.PathLike[str] | None
    class_name: str | None
    peft: str | None
    select: str | Iterable[str]
    ignore: str | Iterable[str]
    pattern_seconds: float
    online: bool
    isolated: bool
    data: bool
    runtimes: str | Iterable[str]
    preview: bool


class _Fields(NamedTuple):
    """The fields of `Options`, as they are kept."""

    base: str | None
    class_name: str | None
    peft: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    pattern_seconds: float
    online: bool
    isolated: bool
    data: bool
    runtimes: tuple[str, ...]
    preview: bool


class Options(_Fields):
    """How to validate adapters.

    Attributes:
        base: a folder, a config file, the URL of either, or an id (`org/name` or `name`,
            optionally with `@revision`).
            By default, the base that the adapter's config names, if it is a local folder or an id.
        class_name: the model class (default: the one in the config).
        peft: a release of PEFT that must load the adapter.
        select: rules whose findings are listed, by name, code or prefix of a code (default: all).
        ignore: rules whose findings are not listed, in the same form.
        pattern_seconds: the CPU time for matching the patterns of an adapter.
        online: whether to read adapters and bases that are named by ids from the Hub if they are
            not in the local cache.
        isolated: whether to look up no base, whatever the adapter names.
        data: whether to read the values of the tensors too, which needs numpy.
        preview: whether to run rules in preview too.
        runtimes: engines that must load the adapter and compute the same as PEFT, such as
            `vllm==0.33,max_lora_rank=64`.
        policy: what the adapters of a project may have.
    """

    base: str | None = None
    class_name: str | None = None
    peft: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pattern_seconds: float = DEFAULT_SECONDS
    online: bool = False
    isolated: bool = False
    data: bool = False
    runtimes: tuple[str, ...] = ()
    preview: bool = False
    policy: Policy | None = None

    @property
    def choice(self) -> RuleChoice:
        """The choice of rules whose findings are listed.

        Raises:
            LoracfgError: a rule does not exist.
        """
        return choice_of(self.select, self.ignore)

    @property
    def release(self) -> str | None:
        """The release that `peft` names.

        Raises:
            LoracfgError: the release does not exist or cannot load adapters.
        """
        return None if self.peft is None else loading_release(self.peft)

    def engines(self) -> list[Runtime]:
        """Return the inference engines that `runtimes` names, without duplicates.

        Raises:
            LoracfgError: an engine is unknown.
        """
        if not self.runtimes:
            return []
        from loracfg.runtimes.asked import find_runtime

        return [find_runtime(text) for text in dict.fromkeys(self.runtimes)]


def text_argument(name: str, value: object) -> str:
    """Return an argument that has to be a string.

    base: str | None
    class_name: str | None
    peft: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    pattern_seconds: float
    online: bool
    isolated: bool
    data: bool
    runtimes: tuple[str, ...]
    preview: bool
    policy: Policy | None
