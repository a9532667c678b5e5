"""From what a user names to the adapters there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.sources.address import (
    Address,
    HubAddress,
    SearchedFolder,
    StandardInput,
    UnusableAddress,
    parse_address,
    without_file,
)
from loracfg.sources.local import home_of, open_path
from loracfg.sources.source import NO_SUCH_PATH, OWN_FILES, Source, SourceError

_GO_ONLINE: Final = (
    "check the path, or use `--online` or write `hf://{}` to read the adapter from the Hub"
)


def addresses_of(named: Iterable[str | Address]) -> list[Address]:
    """Return what is named, without repetitions; an adapter's file means its folder.

    A text that names nothing is an `UnusableAddress`.
    """
    return list(dict.fromkeys(map(_address_of, named)))


def open_sources(address: Address, *, online: bool = False) -> Iterator[Source]:
    """Yield the adapters at an address: one, or those in an archive.

    Args:
        address: the address.
        online: whether an id, which may be a path too, may be looked up on the Hub.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
        OSError: they cannot be read.
    """
    if isinstance(address, Path):
        return open_path(address)
    if isinstance(address, SearchedFolder):
        found = open_path(address.path)
        return (one._replace(searched=address) for one in found)
    if isinstance(address, UnusableAddress):
        raise SourceError(NO_SUCH_PATH, address.message, address.help)
    if isinstance(address, StandardInput):
        from loracfg.sources.standard_input import open_input

        return open_input()
    if isinstance(address, HubAddress) and not (online or address.is_explicit):
        from loracfg.sources.hub.cached import open_cached

        cached = open_cached(address)
        advice = _GO_ONLINE.format(address.named)
        return iter([cached]) if cached else open_path(Path(address.named), advice)
    from loracfg.sources.remote.opening import open_remote

    return open_remote(address)


def open_source(named: str | Address, *, online: bool = False) -> Source:
    """Return the one adapter that is named.

    Raises:
        LoracfgError: there is none, or there are several.
    """
    (address,) = addresses_of([named])
    try:
        found = list(open_sources(address, online=online))
    except OSError as error:
        raise LoracfgError(f"`{address}` cannot be read: {error.strerror or error}") from None
    if len(found) > 1:
        advice = "unpack it and pass the folder of one"
        raise LoracfgError(f"`{address}` has {len(found)} adapters", advice)
    if isinstance(address, Path):
        _refuse_folder_of_adapters(address)
    return found[0]


def _refuse_folder_of_adapters(path: Path) -> None:
    """Check that a folder is not searched in vain for one adapter.

    Raises:
        LoracfgError: it has no adapter, but there are some below it.
    """
    from loracfg.sources.excluded import Excluded
    from loracfg.sources.search import with_searched

    found = with_searched([path], Excluded())
    below = [one for one in found if isinstance(one, Path) and one != path]
    if len(below) == 1:
        raise LoracfgError(f"`{path}` has 1 adapter below it", f"pass `{below[0]}`")
    if below:
        advice = f"name one, such as `{below[0]}`"
        raise LoracfgError(f"`{path}` has {len(below)} adapters below it", advice)


def _address_of(named: str | Address) -> Address:
    try:
        address = parse_address(named)
    except LoracfgError as error:  # others may be named beside it
        return UnusableAddress(f"{named}", error.message, error.help)
    return home_of(address) if isinstance(address, Path) else without_file(address, OWN_FILES)
