"""How adapters are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from loracfg.config.history.releases import loading_release
from loracfg.plan.patterns import DEFAULT_SECONDS
from loracfg.rules.choice import RuleChoice, choice_of

if TYPE_CHECKING:
    from loracfg.runtimes.profile import Runtime


class Options(NamedTuple):
    """How to judge adapters.

    Attributes:
        base: a folder, a config file or an id (`org/name` or `name`, with or without `@revision`).
            Without it, the base that the adapter's config names is used if it is a folder here or
            an id.
        class_name: the model class.
        peft: a release of PEFT that the adapter must load in.
        select: beginnings of rule codes, or names of rules: only their findings are listed.
        ignore: the same, for findings that are not listed.
        pattern_seconds: processor time that the patterns of one adapter may take.
        online: whether an id may be fetched from the Hub that the local cache lacks.
        isolated: whether no base is looked up, whatever the adapter names.
        data: whether the values of the tensors are read too, which needs numpy.
        preview: whether rules in preview run too.
        runtimes: engines that must load the adapter and compute the same, such as
            `vllm==0.33,max_lora_rank=64`.
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

    @property
    def choice(self) -> RuleChoice:
        """What is listed.

        Raises:
            LoracfgError: if a rule does not exist.
        """
        return choice_of(self.select, self.ignore)

    @property
    def release(self) -> str | None:
        """The release that `peft` names.

        Raises:
            LoracfgError: if it does not exist or loads no adapters.
        """
        return None if self.peft is None else loading_release(self.peft)

    def engines(self) -> list[Runtime]:
        """Return the inference engines that `runtimes` names, each once.

        Raises:
            LoracfgError: if one is not known.
        """
        if not self.runtimes:
            return []
        from loracfg.runtimes.asked import find_runtime

        return [find_runtime(text) for text in dict.fromkeys(self.runtimes)]


class OptionArguments(TypedDict, total=False):
    """The fields of `Options` as keyword arguments."""

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
