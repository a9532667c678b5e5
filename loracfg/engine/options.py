"""The options of a validation."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from loracfg.config.history.releases import loading_release
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.planning.patterns import DEFAULT_SECONDS
from loracfg.report.report import Location
from loracfg.rules.choice import RuleChoice, choice_of

if TYPE_CHECKING:
    from typing import Self

    from loracfg.analysis.policy import Policy
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
    policy: Policy | None
    exclude: str | Iterable[str]
    base_place: Location | None
    base_by_adapter: bool


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
    policy: Policy | None
    exclude: tuple[str, ...]
    base_place: Location | None
    base_by_adapter: bool


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
        exclude: folders to leave out of a search for adapters, as patterns of names or paths.
        base_place: where the file of a project names the base, for findings about it.
        base_by_adapter: whether a file that came with the adapter names the base, not you. Then no
            facts about the base count, and no URL of it is read.
    """

    __slots__ = ()

    def __new__(
        cls,
        base: str | os.PathLike[str] | None = None,
        class_name: str | None = None,
        peft: str | None = None,
        select: str | Iterable[str] = (),
        ignore: str | Iterable[str] = (),
        pattern_seconds: float = DEFAULT_SECONDS,
        online: bool = False,  # in the order of the fields
        isolated: bool = False,
        data: bool = False,
        runtimes: str | Iterable[str] = (),
        preview: bool = False,
        policy: Policy | None = None,
        exclude: str | Iterable[str] = (),
        base_place: Location | None = None,
        base_by_adapter: bool = False,
    ) -> Self:
        """Check and keep the options; one string stands for a list of one.

        Raises:
            LoracfgError: an option has a value of the wrong type.
        """
        return super().__new__(
            cls,
            None if base is None else path_argument("base", base),
            None if class_name is None else text_argument("class_name", class_name),
            None if peft is None else text_argument("peft", peft),
            texts_argument("select", select),
            texts_argument("ignore", ignore),
            _seconds("pattern_seconds", pattern_seconds),
            _flag("online", online),
            _flag("isolated", isolated),
            _flag("data", data),
            texts_argument("runtimes", runtimes),
            _flag("preview", preview),
            _policy("policy", policy),
            texts_argument("exclude", exclude),
            _place("base_place", base_place),
            _flag("base_by_adapter", base_by_adapter),
        )

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Self:  # type: ignore[override]  # mypy's is a special form
        """Check what `_replace` makes too."""
        return cls(*iterable)

    def with_arguments(self, **arguments: Unpack[OptionArguments]) -> Options:
        """Return the options with others instead of some; a different base has no place in a file.

        Raises:
            LoracfgError: an option does not exist, or has a value of the wrong type.
        """
        for name in arguments:
            if name not in self._fields:
                raise LoracfgError(_unknown(name), "`help(loracfg.Options)` lists the arguments")
        found = Options(**{**self._asdict(), **arguments})
        if found.base != self.base and "base_place" not in arguments:
            return found._replace(base_place=None, base_by_adapter=False)
        return found

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

    Raises:
        LoracfgError: it is not one.
    """
    if not isinstance(value, str):
        raise _wrong(name, value, "a string")
    return value


def path_argument(name: str, value: object) -> str:
    """Return an argument that has to be a string or a path, as a string.

    Raises:
        LoracfgError: it is neither.
    """
    found = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(found, str):
        raise _wrong(name, value, "a string or a `Path`")
    return found


def check_options(options: Options) -> None:
    """Check that all that options name exists.

    Raises:
        LoracfgError: they name a rule, release or engine that does not exist.
    """
    _ = options.choice, options.release, options.engines()


def texts_argument(name: str, value: object) -> tuple[str, ...]:
    """Return an argument that has to be one string or several.

    Raises:
        LoracfgError: it is neither.
    """
    found = (value,) if isinstance(value, str) else value
    if not isinstance(found, Iterable):
        raise _wrong(name, value, "a string or several strings")
    texts = tuple(found)
    for one in texts:
        if not isinstance(one, str):
            raise _wrong(name, value, "a string or several strings")
    return texts


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "`True` or `False`")
    return value


def _seconds(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int) or not value >= 0:
        raise _wrong(name, value, "a number of seconds")
    return value


def _policy(name: str, value: object) -> Policy | None:
    if value is None:
        return None
    from loracfg.analysis.policy import Policy  # few projects have one

    if not isinstance(value, Policy):
        raise _wrong(name, value, "a `Policy`")
    return value


def _place(name: str, value: object) -> Location | None:
    if value is not None and not isinstance(value, Location):
        raise _wrong(name, value, "a `Location`")
    return value


def _wrong(name: str, value: object, wanted: str) -> LoracfgError:
    return LoracfgError(f"`{name}` cannot be `{value!r}`", f"pass {wanted}")


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, Options._fields, 1)
    return f"there is no argument `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
