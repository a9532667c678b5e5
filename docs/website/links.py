"""Links between pages, from where GitHub shows them to where the site has them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from loracfg.urls import REPOSITORY

_CODE: Final = re.compile(r"(?ms)^(\s*)(```+|~~~+).*?^\s*\2\s*$|`[^`\n]+`")
"""Blocks and spans of code, whose links are none. A link around a span of code is one."""
_LINK: Final = re.compile(r'(?m)(\]\(|(?:src|href|srcset)="|^\[[^\]\n]+\]: )([^)\s"]+)')
_IMAGES: Final = (".png", ".svg")
_ELSEWHERE: Final = re.compile(r"[a-z]+:|#|/", re.IGNORECASE)


class BrokenLinkError(Exception):
    """A page has a link to a file that does not exist."""


def moved(
    text: str, page: str, places: Mapping[str, str], root: Path, revision: str = "main"
) -> str:
    """Return the text of a page with its links as they are elsewhere.

    Args:
        text: the text.
        page: its path in the repository.
        places: the path in the site of each file of the repository that the site has. Links to
            other files lead to the repository on the web.
        root: the repository.
        revision: the branch or tag that these links show.

    Raises:
        BrokenLinkError: a link leads to a file that does not exist.
    """

    def rewrite(found: re.Match[str]) -> str:
        return found[1] + _target(found[2], page, places, root, revision)

    parts: list[str] = []
    end = 0
    for code in _CODE.finditer(text):
        parts += (_LINK.sub(rewrite, text[end : code.start()]), code[0])
        end = code.end()
    return "".join((*parts, _LINK.sub(rewrite, text[end:])))


def _target(link: str, page: str, places: Mapping[str, str], root: Path, revision: str) -> str:
    if _ELSEWHERE.match(link):
        return link
    path, mark, anchor = link.partition("#")
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    if wanted in places:
        here = posixpath.dirname(places[page])
        return os.path.relpath(places[wanted], here or ".").replace(os.sep, "/") + mark + anchor
    if not (root / wanted).exists():
        raise BrokenLinkError(f"{page} has a link to `{link}`, but there is no `{wanted}`")
    is_image = wanted.endswith(_IMAGES)
    kind = "raw" if is_image else "tree" if (root / wanted).is_dir() else "blob"
    return f"{REPOSITORY}/{kind}/{revision}/{wanted}{mark}{anchor}"
