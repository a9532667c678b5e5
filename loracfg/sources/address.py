"""Parse what a user names: a path, standard input, a repository on the Hub, or a URL."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Hashable
from pathlib import Path
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.sources.hub.repo_id import is_id
from loracfg.urls import visible_url

STDIN: Final = "-"
HUB_SCHEME: Final = "hf"

_SCHEME: Final = r"([A-Za-z][A-Za-z0-9+.-]+)://"
_CHAIN: Final = r"(?!https?://)([A-Za-z][A-Za-z0-9+.-]+)(://.*)?::[A-Za-z0-9+.-]+://"
_SHORT_ID: Final = r"(?a:[\w.-]{1,96}/[\w.-]{1,96}(@[^\s]+)?(/[^\s]+)?)"
_DEFAULT_HOSTS: Final = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PAGES: Final = frozenset({"tree", "blob", "resolve", "raw"})
_OTHER_KINDS: Final = {"datasets": "dataset", "spaces": "Space", "buckets": "bucket"}
_MODELS: Final = "models"
_NOT_AN_ID: Final = "use `hf://org/name[@revision][/subfolder]`"


class HubAddress(NamedTuple):
    """An adapter in a repository on the Hugging Face Hub.

    Attributes:
        repo: `org/name`, or `name` for old models.
        revision: a branch, tag or commit; None if none is named.
        inside: the path of a folder or file in the repository, `""` for the top.
        named: the text that named it, if that is only an id, which could be a path too.
    """

    repo: str
    revision: str | None = None
    inside: str = ""
    named: str = ""

    @property
    def is_explicit(self) -> bool:
        """Whether it was named as a URL."""
        return not self.named

    def __str__(self) -> str:
        """Return it as it can be passed again."""
        if self.named:
            return self.named
        revision = f"@{self.revision}" if self.revision else ""
        return f"hf://{self.repo}{revision}" + (f"/{self.inside}" if self.inside else "")


class WebAddress(NamedTuple):
    """A folder or file at an `http` or `https` URL."""

    url: str

    def __str__(self) -> str:
        """Return the URL without what may be secret."""
        return visible_url(self.url)


class StoreAddress(NamedTuple):
    """A folder or file in an object store, at a URL that fsspec knows, such as `s3://`."""

    url: str

    def __str__(self) -> str:
        """Return the URL without what may be secret."""
        return visible_url(self.url)


class StandardInput(NamedTuple):
    """A config or an archive on standard input."""

    def __str__(self) -> str:
        """Return it as it was named."""
        return STDIN


class SearchedFolder(NamedTuple):
    """A folder in which no adapter was found.

    Attributes:
        path: the folder.
        entered: the number of folders below it that were searched.
        skipped: the number of those that are hidden or excluded.
        excluded: the number of those that are excluded.
    """

    path: Path
    entered: int
    skipped: int
    excluded: int = 0

    def __str__(self) -> str:
        """Return the path."""
        return str(self.path)

    @property
    def words(self) -> str:
        """A clause on what was searched."""
        parts = []
        if self.entered:
            parts.append(f"no adapter in {_folders(self.entered)} below it")
        if self.excluded:
            parts.append(f"{_folders(self.excluded)} excluded")
        if hidden := self.skipped - self.excluded:
            parts.append(f"{_folders(hidden)} skipped")
        return ", ".join(parts)


class UnusableAddress(NamedTuple):
    """A text that names nothing, and why.

    Attributes:
        text: the text.
        message: what is wrong with it.
        help: what to do.
    """

    text: str
    message: str
    help: str

    def __str__(self) -> str:
        """Return the text without what may be secret."""
        return visible_url(self.text) or '""'


Address = (
    Path | HubAddress | WebAddress | StoreAddress | StandardInput | SearchedFolder | UnusableAddress
)


def parse_address(named: str | Address) -> Address:
    """Return what a text names; an id for which a path exists is that path.

    Raises:
        LoracfgError: a text that cannot name an adapter.
    """
    if not isinstance(named, str):
        return named
    if not named.strip():
        raise LoracfgError("an empty text names no adapter", "write `.` for the current folder")
    if named == STDIN:
        return StandardInput()
    if "://" in named:
        if chain := re.match(_CHAIN, named):
            message = f"URLs are chained after `{chain[1]}`, which is not supported"
            raise LoracfgError(message, "pass the last one alone")
        if scheme := re.match(_SCHEME, named):
            return _parse_url(named, scheme[1].lower())
    if not _exists(named) and re.fullmatch(_SHORT_ID, named) and (found := _parse_id(named)):
        return found._replace(named=named)
    return Path(named)


def without_file(address: Address, files: Collection[str]) -> Address:
    """Return the address of the folder if an address on another machine names one of its files."""
    if isinstance(address, HubAddress):
        inside = _without_last(address.inside, files)
        named = _without_last(address.named, files) if inside != address.inside else address.named
        return address._replace(inside=inside, named=named)
    if isinstance(address, StoreAddress):
        return address._replace(url=_without_last(address.url, files))
    if isinstance(address, WebAddress):
        head, mark, query = address.url.partition("?")
        return address._replace(url=_without_last(head, files) + mark + query)
    return address


def identity(address: Address) -> Hashable:
    """Return a key that is equal for addresses of the same place.

    What is secret in a URL belongs to it: a query may say which adapter is meant.
    """
    if isinstance(address, Path):
        return os.path.abspath(address)  # noqa: PTH100  # faster
    if isinstance(address, WebAddress):
        head, mark, query = address.url.partition("#")[0].partition("?")
        return head.rstrip("/") + mark + query
    if isinstance(address, StoreAddress):
        return address.url.rstrip("/")
    return identity(address.path) if isinstance(address, SearchedFolder) else address


def _without_last(path: str, files: Collection[str]) -> str:
    head, _, last = path.rpartition("/")
    return head if last in files else path


def _folders(number: int) -> str:
    return f"{number} folder{'s' * (number != 1)}"


def _exists(named: str) -> bool:
    return os.path.lexists(named)


def _parse_url(url: str, scheme: str) -> Address:
    from urllib.parse import unquote, urlsplit

    if scheme == HUB_SCHEME:
        return _parse_hub_url(url)
    if scheme == "file":
        return _parse_file_url(url)
    if scheme not in ("http", "https"):
        return _parse_store_url(url, scheme)
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:  # its text, and what is taken for the host, may be part of a password
        host = None
    if not host:
        message = f"the URL that begins with `{scheme}://` has no valid host"
        raise LoracfgError(message, "check the host and the port")
    if parts.netloc.lower() in _hub_hosts() and (page := _parse_page(unquote(parts.path))):
        return page
    return WebAddress(url)


def _parse_store_url(url: str, scheme: str) -> StoreAddress:
    rest = url.partition("://")[2]
    if not rest.strip("/"):
        message = f"`{scheme}://` names no folder"
        raise LoracfgError(message, f"write `{scheme}://bucket/folder`")
    return StoreAddress(f"{scheme}://{rest}")


def _parse_file_url(url: str) -> Path:
    from urllib.parse import unquote

    host, slash, path = url.partition("://")[2].partition("/")
    if host not in ("", "localhost") or not slash:
        raise LoracfgError(f"`{url}` names no file on this machine", "write `file:///folder`")
    return Path(unquote(slash + path))


def _parse_hub_url(url: str) -> HubAddress:
    rest = url.partition("://")[2].strip("/")
    if mark := re.search("[?#]", rest):
        message = f"`{visible_url(url)}` has a `{mark[0]}`, which no id on the Hub has"
        raise LoracfgError(message, f"remove it and what follows, or {_NOT_AN_ID}")
    found = None if _other_kind(rest) else _parse_id(rest.removeprefix(f"{_MODELS}/"))
    if found is None:
        kind = _other_kind(rest)
        what = f"names a {kind}, not a model" if kind else "does not name a repository"
        what = "has a query" if "?" in rest else what
        raise LoracfgError(f"`{visible_url(url)}` {what}", _NOT_AN_ID)
    return found


def _parse_id(text: str) -> HubAddress | None:
    """Parse `org/name[@revision][/inside]`; in a revision, `/` is written as `%2F`."""
    repo, at, rest = text.partition("@")
    if at:
        revision, _, inside = rest.partition("/")
        if rest.startswith("refs/"):  # `refs/pr/1` and `refs/convert/parquet` hold slashes
            steps = rest.split("/")
            revision, inside = "/".join(steps[:3]), "/".join(steps[3:])
    else:
        revision, inside = "", ""
        steps = repo.split("/")
        repo, inside = "/".join(steps[:2]), "/".join(steps[2:])
    if not is_id(repo) or (at and not revision) or not _stays_inside(inside):
        return None
    return HubAddress(
        repo, revision.replace("%2F", "/").replace("%2f", "/") or None, inside.strip("/")
    )


def _parse_page(path: str) -> HubAddress | None:
    """Parse the path of a page of the Hub: `/org/name`, `/org/name/tree/main/folder` and so on."""
    steps = path.strip("/").split("/")
    if kind := _other_kind(path.strip("/")):
        message = f"`{path}` on the Hub is a {kind}, not a model"
        raise LoracfgError(message, _NOT_AN_ID)
    at = next((index for index, step in enumerate(steps) if step in _PAGES), None)
    if at is None:
        repo, revision, inside = "/".join(steps), None, ""
    else:
        repo, rest = "/".join(steps[:at]), steps[at + 1 :]
        count = 3 if rest[:1] == ["refs"] else 1
        revision, inside = "/".join(rest[:count]), "/".join(rest[count:])
    if not is_id(repo):
        return None
    if not _stays_inside(inside):
        raise LoracfgError(f"`{path}` leads out of the repository", _NOT_AN_ID)
    return HubAddress(repo, revision or None, inside.strip("/"))


def _stays_inside(path: str) -> bool:
    return ".." not in path.replace("\\", "/").split("/")


def _other_kind(path: str) -> str | None:
    return _OTHER_KINDS.get(path.partition("/")[0])


def _hub_hosts() -> frozenset[str]:
    """Return the hosts of the Hub, with ports if there are any."""
    from urllib.parse import urlsplit

    try:
        own = urlsplit(os.environ.get("HF_ENDPOINT", "")).netloc
    except ValueError:  # the client reports it
        return _DEFAULT_HOSTS
    return _DEFAULT_HOSTS | {own.lower()} if own else _DEFAULT_HOSTS
