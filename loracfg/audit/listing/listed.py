"""Something that was listed: an adapter, or an archive of adapters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import (
    Address,
    HubAddress,
    StoreAddress,
    UnusableAddress,
    WebAddress,
    identity,
)
from loracfg.sources.remote.store import StoreEntry
from loracfg.urls import visible_url

_LENGTH: Final = 16
_MARK_LENGTH: Final = 6
"""The bytes of a mark: among a million URLs, two with the same one are unlikely (1 in 500)."""
_AFTER_USER: Final = r"(?<=://)([^/?#@:]*):[^/?#@]*(?=@)"


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
    def full_name(self) -> str:
        """The name in results, which no other address has."""
        return self.name + self.mark

    @property
    def mark(self) -> str:
        """What tells it from others with the same `name`: a digest of what the name hides.

        Empty if the name hides nothing. Passwords have no part in it.
        """
        place = _place(self.address)
        if not isinstance(place, str) or visible_url(place) == place:
            return ""
        data = place.encode(errors="replace")
        return f"#{hashlib.blake2b(data, digest_size=_MARK_LENGTH).hexdigest()}"

    def spelled(self, text: str) -> Listed:
        """Return it as a text spells its address, if that still names the same place."""
        address: Address
        if isinstance(self.address, Path):
            address = Path(text)
        elif isinstance(self.address, WebAddress | StoreAddress):
            address = type(self.address)(text)
        else:
            return self
        found = self._replace(address=address)
        return found if found.key == self.key else self

    @property
    def key(self) -> bytes:
        """A digest of where it is; of URLs with secrets, it shows none."""
        kind = "hub" if isinstance(self.address, HubAddress) else type(self.address).__name__
        text = repr((kind, _place(self.address)))
        return hashlib.blake2b(text.encode(errors="replace"), digest_size=_LENGTH).digest()


def _place(address: Address) -> Hashable:
    """Return what is equal for the same place: a URL with its query, but without a password."""
    if isinstance(address, UnusableAddress):
        return address.text
    place = identity(address)
    if isinstance(address, WebAddress | StoreAddress):
        return re.sub(_AFTER_USER, r"\1", f"{place}")
    return place


def digest_of(value: object) -> str:
    """Return a short digest of plain values, to compare versions of a folder."""
    data = repr(value).encode(errors="replace")
    return hashlib.blake2b(data, digest_size=_LENGTH).hexdigest()
