"""The zones of network addresses, and which of them a redirect may lead to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from typing import Final, Literal

from loracfg.sources.remote.errors import RemoteError
from loracfg.urls import visible_url

Zone = Literal["public", "private", "loopback", "link-local", "reserved"]

_WORDS: Final[Mapping[Zone, str]] = {
    "private": "which is in a private network",
    "loopback": "which is this machine",
    "link-local": "which is a link-local address",
    "reserved": "which is a reserved address",
}
_METADATA: Final = frozenset(
    map(
        ipaddress.ip_address,
        ("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
    )
)
"""The addresses at which clouds answer their machines, but for the link-local ones."""
_NOT_PUBLIC: Final = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("192.88.99.0/24"))
"""Networks for protocols, parts of which are public for some releases of Python."""
_LOOPBACK_NAMES: Final = ("localhost", "ip6-localhost", "ip6-loopback")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def zone_of(address: str) -> Zone:
    """Return the zone of an address, as sockets and URLs write it.

    Raises:
        ValueError: it is not an address.
    """
    found = _embedded(ipaddress.ip_address(address))
    if found.is_loopback or found.is_unspecified:
        return "loopback"
    if found.is_link_local or found in _METADATA:
        return "link-local"
    if found.is_multicast or found.is_reserved:
        return "reserved"
    if isinstance(found, ipaddress.IPv6Address) and found.is_site_local:
        return "private"
    is_public = found.is_global and not any(found in network for network in _NOT_PUBLIC)
    return "public" if is_public else "private"


def zone_of_host(host: str) -> Zone | None:
    """Return the zone of a host that is an address or this machine; None for other names."""
    host = host.rstrip(".")
    if host in _LOOPBACK_NAMES or host.endswith(".localhost"):
        return "loopback"
    try:
        return zone_of(host)
    except ValueError:
        pass
    try:
        return zone_of(socket.inet_ntoa(socket.inet_aton(host)))  # such as `127.1`
    except (OSError, UnicodeError):
        return None


def _embedded(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 address stands for, or else the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    plain = ipaddress.IPv6Address(int(address))  # without a scope
    if plain.is_loopback or plain.is_unspecified:
        return plain
    if plain in _NAT64 or plain in _COMPATIBLE:
        return ipaddress.IPv4Address(int(plain) & 0xFFFF_FFFF)
    teredo = plain.teredo
    return plain.ipv4_mapped or plain.sixtofour or (teredo[1] if teredo else plain)


class RedirectGuard:
    """Lets answers lead to public addresses, and to others only if the user named such a one.

    What counts is the address that a host is connected to, not what its name meant before. A name
    that has had addresses in several zones is that of a public host.
    """

    def __init__(self) -> None:
        """Create it before the first request of a client."""
        self._url = self._named_host = self._host = ""
        self._named: dict[str, Zone] = {}
        self._connected: dict[str, set[Zone]] = {}
        """The zones that a host was connected to, whose connections may be kept."""

    def begin(self, url: str, host: str) -> None:
        """Note what the user named."""
        self._url, self._named_host, self._host = url, host, host
        zone = zone_of_host(host)
        if zone is not None:
            self._named.setdefault(host, zone)

    def follow(self, host: str) -> None:
        """Note the host that an answer redirects to.

        Raises:
            RemoteError: it may not.
        """
        self._host = host
        zone = zone_of_host(host)
        for one in self._connected.get(host, set()) | ({zone} if zone else set()):
            self._check(one)

    def connect(self, host: str, address: str) -> None:
        """Take the address that a host is connected to, before anything is sent there.

        Raises:
            RemoteError: nothing may be.
        """
        if host != self._host:  # a proxy
            return
        zone = zone_of(address)
        if host == self._named_host and zone_of_host(host) is None:
            before = self._named.get(host, zone)
            self._named[host] = zone if zone == before else "public"
        self._check(zone)
        self._connected.setdefault(host, set()).add(zone)

    def _check(self, zone: Zone) -> None:
        if zone in ("public", self._named.get(self._named_host)):
            return
        message = f"`{visible_url(self._url)}` leads to `{self._host}`, {_WORDS[zone]}"
        raise RemoteError(message, "check the URL; pass the other one if you trust it")
