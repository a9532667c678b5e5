"""From the sources that a user names to what there is to judge, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from loracfg.audit.listing.folders import listed_below
from loracfg.audit.listing.hub_query import check_query, is_query, listed_on_hub
from loracfg.audit.listing.listed import Listed
from loracfg.audit.listing.lists import check_list, is_list, names_in_list, names_on_input
from loracfg.audit.listing.stores import listed_in_store
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import STDIN, Address, HubAddress, StandardInput, StoreAddress
from loracfg.sources.address import UnusableAddress as Unusable
from loracfg.sources.excluded import Excluded
from loracfg.sources.hub.repo_id import COMMIT
from loracfg.sources.opening import addresses_of
from loracfg.sources.source import SourceError

_SHOWN: Final = 3
"""The lists and queries that one message says cannot be read."""

TurnAt = Callable[[str], AbstractContextManager[None]]
"""Returns what is entered for the time of a request to a host."""


class FleetListing(NamedTuple):
    """Where to look for adapters.

    Attributes:
        sources: folders, files, lists, URLs, ids and queries, as the user named them.
        exclude: patterns of folders to leave out of searches.
        turn: gives the turns of requests to a store.
    """

    sources: tuple[str, ...]
    exclude: tuple[str, ...]
    turn: TurnAt

    def listed(self) -> Iterator[Listed]:
        """Yield what there is to judge; the same thing may be yielded more than once.

        Raises:
            LoracfgError: a pattern cannot be understood; or, after everything else was listed, a
                list or query cannot be read.
        """
        excluded, failed = Excluded(self.exclude), _Failed([])
        for source in self.sources:
            yield from failed.tried(self._in(source, excluded, failed))
        failed.check()

    def listed_by_names(self, names: Iterable[str]) -> Iterator[Listed]:
        """Yield what there is to judge at addresses, as if they were in a list.

        Raises:
            LoracfgError: after everything else was listed, a query of the Hub cannot be read.
        """
        failed = _Failed([])
        yield from self._of_names(names, Excluded(self.exclude), failed)
        failed.check()

    def _in(self, source: str, excluded: Excluded, failed: _Failed) -> Iterator[Listed]:
        if source == STDIN:
            yield from self._of_names(names_on_input(), excluded, failed)
        elif is_query(source):
            yield from listed_on_hub(source)
        elif is_list(source):
            yield from self._of_names(names_in_list(Path(source)), excluded, failed)
        else:
            yield from self._at(source, excluded)

    def _of_names(
        self, names: Iterable[str], excluded: Excluded, failed: _Failed
    ) -> Iterator[Listed]:
        for name in names:
            if is_query(name):
                yield from failed.tried(listed_on_hub(name))
            else:
                yield from self._at(name, excluded, searches_stores=False)

    def _at(
        self, named: str, excluded: Excluded, *, searches_stores: bool = True
    ) -> Iterator[Listed]:
        """Yield what is at an address.

        A list names adapters, so that what it names in a store is not listed one after the other.
        """
        (address,) = addresses_of([named])
        if isinstance(address, Path):
            yield from listed_below(address, excluded)
        elif isinstance(address, StoreAddress) and searches_stores:
            yield from self._in_store(address, excluded)
        else:
            yield Listed(_usable(address), _commit(address))

    def _in_store(self, address: StoreAddress, excluded: Excluded) -> Iterator[Listed]:
        from loracfg.sources.remote.store import store_at

        host = host_of(address)
        try:
            place = store_at(address, turn=lambda: self.turn(host))
            yield from listed_in_store(address, place, excluded)
        except SourceError as error:  # of a folder that is none, the row says so
            yield Listed(Unusable(address.url, error.message, error.help))


class _Failed(NamedTuple):
    """The lists and queries that cannot be read, while others are."""

    errors: list[LoracfgError]

    def tried(self, listed: Iterator[Listed]) -> Iterator[Listed]:
        """Yield what is listed until that fails."""
        try:
            yield from listed
        except LoracfgError as error:
            self.errors.append(error)

    def check(self) -> None:
        """Raise what failed, as one error."""
        if len(self.errors) == 1:
            raise self.errors[0]
        if self.errors:
            shown = "; ".join(error.message for error in self.errors[:_SHOWN])
            message = f"{len(self.errors)} lists or queries cannot be read: {shown}"
            raise LoracfgError(message, self.errors[0].help)


def host_of(address: StoreAddress) -> str:
    """Return what stands for the host of a store: its scheme and its bucket."""
    scheme, _, rest = address.url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _usable(address: Address) -> Address:
    if isinstance(address, StandardInput):
        message = f"`{STDIN}` is not the name of an adapter in a list"
        return Unusable(STDIN, message, "name a folder, a URL or an id")
    return address


def _commit(address: Address) -> str | None:
    """Return the commit that an address names, whose content never changes."""
    import re

    revision = address.revision if isinstance(address, HubAddress) else None
    return revision if revision and re.fullmatch(COMMIT, revision) else None


def check_sources(sources: Sequence[str]) -> None:
    """Check what can be checked of sources before anything is listed.

    Raises:
        LoracfgError: a query cannot be understood, or all sources are lists that do not exist.
    """
    for query in filter(is_query, sources):
        check_query(query)
    lists = [Path(source) for source in sources if is_list(source)]
    if lists and len(lists) == len(sources) and not any(path.exists() for path in lists):
        check_list(lists[0])
