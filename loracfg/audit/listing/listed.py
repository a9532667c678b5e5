"""Something that was listed: an adapter, or an archive of adapters."""

from __future__ import annotations

import hashlib
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import Address, HubAddress, identity
from loracfg.sources.remote.store import StoreEntry

_LENGTH: Final = 16


class Listed(NamedTuple):
    """Something that was listed.

    Attributes:
        address: where it is.
        version: what distinguishes its content from earlier ones; None if only a request can tell.
        entries: what a store lists in its folder; None if it was not listed.
    """

    address: Address
    version: str | None = None
    entries: tuple[StoreEntry, ...] | None = None

    @property
    def name(self) -> str:
        """The text that names it, without secrets."""
        return str(self.address)

    @property
    def key(self) -> bytes:
        """A digest of where it is; of URLs with secrets, it shows none."""
        kind = "hub" if isinstance(self.address, HubAddress) else type(self.address).__name__
        text = repr((kind, identity(self.address)))
        return hashlib.blake2b(text.encode(errors="replace"), digest_size=_LENGTH).digest()


def digest_of(value: object) -> str:
    """Return a short digest of plain values, to compare versions of a folder."""
    data = repr(value).encode(errors="replace")
    return hashlib.blake2b(data, digest_size=_LENGTH).hexdigest()
