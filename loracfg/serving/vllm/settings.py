"""The variables that configure the plugin; each is declared here once, for the reader and docs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.serving.gate import FailOn
from loracfg.settings.variables import is_set
from loracfg.urls import is_url, visible_url

PREFIX: Final = "LORACFG_VLLM_"
OnFailure = Literal["refuse", "load"]


class Variable(NamedTuple):
    """A variable.

    Attributes:
        name: its name without the prefix.
        default: the default in words.
        help: what it chooses.
    """

    name: str
    default: str
    help: str

    @property
    def full_name(self) -> str:
        """The name in the environment."""
        return PREFIX + self.name


VARIABLES: Final = (
    Variable("ROOTS", "none", "Folders of adapters, separated as in `PATH`."),
    Variable(
        "STORES",
        "none",
        "URLs of folders of adapters in object stores or on the web, separated by spaces.",
    ),
    Variable(
        "HUB",
        "none",
        "Repositories on the Hub that may be loaded, as patterns such as `my-org/*`, separated by "
        "spaces.",
    ),
    Variable("ONLINE", "`0`", "Download repositories of the Hub that are not in the local cache."),
    Variable("BASE", "the server's `--model`", "The base, as `--base` takes it."),
    Variable(
        "FOR",
        "the installed vLLM with its largest limits",
        "The engine and its flags, such as `vllm==0.33,max_lora_rank=64`; `none` to only check the "
        "adapter and the base.",
    ),
    Variable("CONFIG", "none", "A `loracfg.toml` with rules to ignore, a policy and so on."),
    Variable("FAIL_ON", "`error`", "Lowest severity that refuses an adapter."),
    Variable("STRICT", "`0`", "Also refuse adapters that cannot be checked completely."),
    Variable(
        "CACHE",
        "none",
        "Folder for downloads from stores, and for copies; required for `STORES` and `COPY`.",
    ),
    Variable(
        "COPY",
        "`0`",
        "Load a copy of each adapter in `ROOTS`, so that changing its files has no effect.",
    ),
    Variable(
        "ON_FAILURE",
        "`refuse`",
        "`load` to load adapters that the gate failed to judge.",
    ),
)
"""All variables, in the order of the docs."""


class GateSettings(NamedTuple):
    """What the variables choose; see `VARIABLES`.

    Attributes:
        roots: folders of adapters, with links resolved.
        stores: URLs of folders of adapters.
        hub: patterns of repositories on the Hub.
        online: whether those may be downloaded.
        base: the base; None for that of the server.
        engine: the engine as `--for` takes it, `none` for no engine, None for the installed vLLM.
        config: the path of a `loracfg.toml`.
        fail_on: the lowest severity that refuses an adapter.
        strict: whether to refuse what cannot be checked completely.
        cache: the folder for downloads and copies.
        copy: whether to load copies of the adapters in `roots`.
        on_failure: what to do with adapters that the gate failed to judge.
    """

    roots: tuple[Path, ...] = ()
    stores: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    online: bool = False
    base: str | None = None
    engine: str | None = None
    config: Path | None = None
    fail_on: FailOn = "error"
    strict: bool = False
    cache: Path | None = None
    copy: bool = False
    on_failure: OnFailure = "refuse"

    @property
    def has_places(self) -> bool:
        """Whether there is any place in which adapters are looked up."""
        return bool(self.roots or self.stores or self.hub)


def is_configured(surroundings: Mapping[str, str]) -> bool:
    """Tell whether the variables name a place; otherwise the plugin does nothing."""
    return any(surroundings.get(PREFIX + name) for name in ("ROOTS", "STORES", "HUB"))


def on_failure_of(surroundings: Mapping[str, str]) -> OnFailure:
    """Return what to do on failures; anything but `load` refuses."""
    return "load" if surroundings.get(PREFIX + "ON_FAILURE") == "load" else "refuse"


def read_gate_settings(surroundings: Mapping[str, str]) -> GateSettings:
    """Return the settings in environment variables.

    Raises:
        LoracfgError: a variable has an invalid value, or a folder does not exist.
    """

    def text(name: str) -> str | None:
        return surroundings.get(PREFIX + name) or None

    roots = (text("ROOTS") or "").split(os.pathsep)
    settings = GateSettings(
        roots=tuple(_folder("ROOTS", one) for one in roots if one),
        stores=tuple(map(_store, (text("STORES") or "").split())),
        hub=tuple((text("HUB") or "").split()),
        online=is_set(PREFIX + "ONLINE", surroundings),
        base=text("BASE"),
        engine=text("FOR"),
        config=_file("CONFIG", text("CONFIG")),
        fail_on=_fail_on(text("FAIL_ON")),
        strict=is_set(PREFIX + "STRICT", surroundings),
        cache=_cache(text("CACHE")),
        copy=is_set(PREFIX + "COPY", surroundings),
        on_failure=_on_failure(text("ON_FAILURE")),
    )
    needing = "STORES" if settings.stores else "COPY"
    if settings.cache is None and (settings.stores or settings.copy):
        message = f"`{PREFIX}{needing}` is set without `{PREFIX}CACHE`"
        raise LoracfgError(message, "set it to a folder that the server can write to")
    return settings


def _folder(name: str, text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise LoracfgError(f"`{PREFIX}{name}`: `{text}` is not a folder", "correct or unset it")
    return path.resolve()


def _cache(text: str | None) -> Path | None:
    if text is None:
        return None
    path = Path(text)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"`{PREFIX}CACHE`: `{text}` cannot be created: {error.strerror}"
        raise LoracfgError(message, "name a folder that the server can write to") from None
    return path.resolve()


def _file(name: str, text: str | None) -> Path | None:
    if text is None:
        return None
    if not Path(text).is_file():
        raise LoracfgError(f"`{PREFIX}{name}`: `{text}` is not a file", "correct or unset it")
    return Path(text)


def _store(text: str) -> str:
    if not is_url(text) or any(mark in text for mark in "?#"):
        message = f"`{PREFIX}STORES`: `{visible_url(text)}` is not the URL of a folder"
        raise LoracfgError(message, "write it as in `s3://bucket/folder`")
    return text.rstrip("/")


def _fail_on(text: str | None) -> FailOn:
    match text:
        case None | "error":
            return "error"
        case "warning":
            return "warning"
    message = f"`{PREFIX}FAIL_ON` is `{text}`"
    raise LoracfgError(message, "set it to `error` or `warning`")


def _on_failure(text: str | None) -> OnFailure:
    match text:
        case None | "refuse":
            return "refuse"
        case "load":
            return "load"
    message = f"`{PREFIX}ON_FAILURE` is `{text}`"
    raise LoracfgError(message, "set it to `refuse` or `load`")
