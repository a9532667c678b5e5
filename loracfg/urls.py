"""Our own addresses; telling URLs from paths, and keeping secrets in URLs out of what is shown."""

from __future__ import annotations

import re
from typing import Final

SITE: Final = "https://loracfg.readthedocs.io/"
"""Where the documentation is published: the pages of rules, and the schemas below `schema/`."""
REPOSITORY: Final = "https://github.com/loracfg/loracfg"
"""Where the sources are, and the action and the hook that users name."""

# As texts, since most runs see no URL and need not compile them.
_MARK: Final = r"[A-Za-z][A-Za-z0-9+.-]+://"
_SLIP: Final = r"[Hh][Tt][Tt][Pp][Ss]?:/*|//(?=[^/\s:@]*:[^/\s@]*@)"
"""What a URL begins with, even if slashes are missing, as `Path` drops one, or the scheme."""
_END_OF_MARK: Final = r"[A-Za-z][A-Za-z0-9+.-]{1,40}://"
"""The end of a mark in a text, so that a long word is not read again from each character."""
_URL: Final = rf"""({_END_OF_MARK}|{_SLIP})[^\s`"<>]*[^\s`"<>'.,;:!)\]}}]"""
"""A URL in a text, without the punctuation after it."""
_CHAINED: Final = rf"::(?={_MARK}|{_SLIP})"
"""What joins URLs: `zip://one::https://example.org/many.zip`."""
_START: Final = rf"(?s:({_MARK}|{_SLIP})(.*))"
QUERY_NAMES: Final = ("author", "filter", "limit", "pipeline_tag", "search", "sort")
"""What can be in a query of the Hub, such as `hf://models?filter=peft`; none of it is secret."""
_PAIR: Final = rf"({'|'.join(QUERY_NAMES)})=[^&#@]*"
_QUERY: Final = rf"hf://models\?&?{_PAIR}(&{_PAIR})*"
_WEB: Final = "http"
_PORT: Final = r"\d{0,5}"
_HIDDEN: Final = "…"
_TELLTALES: Final = "@?;"
"""What a URL with a secret has; a fragment in a text is shown."""


def is_url(text: str) -> bool:
    """Tell whether what names a file or folder is a URL, not a path."""
    return "://" in text and re.match(_MARK, text) is not None


def redacted(text: str) -> str:
    """Return a text in which URLs have neither passwords nor queries.

    An `@` in a path is no reason to hide anything: `hf://org/name@main` stays as it is.
    """
    if ":" not in text or not any(mark in text for mark in _TELLTALES):
        return text
    return re.sub(_URL, _redacted_match, text)


def visible_url(url: str) -> str:
    """Return a URL without what may hold secrets; a path as it is.

    These are passwords, query and fragment, and on the web parameters, such as `;jsessionid=`.

    Without a password, the user may be a token on the web, and a container in a store. What follows
    `?` or `#` may belong to a name in a store, so there is a mark in its place.
    """
    if ":" not in url:
        return url
    return "::".join(map(_visible_part, re.split(_CHAINED, url)))


def _redacted_match(found: re.Match[str]) -> str:
    url = found[0]
    return visible_url(url) if any(mark in url for mark in _TELLTALES) else url


def _visible_part(url: str) -> str:
    """Return one URL of a chain without secrets."""
    start = re.fullmatch(_START, url.lstrip())
    if start is None or re.fullmatch(_QUERY, url.strip()):
        return url
    mark, rest = start.groups()
    rest = _without_odd_user(rest)
    shown = re.split("[?#]", rest, maxsplit=1)[0]
    host, slash, path = shown.partition("/")
    user, _, home = host.rpartition("@")
    is_web = mark.lower().startswith(_WEB)
    if is_web:
        path = path.partition(";")[0]
    is_user_shown = user and ":" not in user and not is_web
    end = "" if is_web or shown == rest else f"{rest[len(shown)]}{_HIDDEN}"
    return f"{mark}{user + '@' if is_user_shown else ''}{home}{slash}{path}{end}"


def _without_odd_user(rest: str) -> str:
    """Remove a user whose password has a `/`, `?` or `#`, so that it looks like a host and a port.

    A host with a port and a dot, such as `example.org:8000`, may have an `@` in its path.
    """
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    name, colon, port = host.partition(":")
    if "@" in host or not colon or name.startswith("["):
        return rest
    is_port = re.fullmatch(_PORT, port) is not None
    if is_port and ("." in name or name == "localhost"):
        return rest
    if "@" in rest:
        return rest.rpartition("@")[2]
    return rest if is_port else _HIDDEN
