"""The pages as Markdown, for language models, and `llms.txt`, which lists them by the menu."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from docs.website.new_folders import with_folder

_CODE: Final = re.compile(r"(?ms)^```.*?^```$|<!--.*?-->|^\|.*?$|^!\[.*?$|^<.*?$|^#.*?$")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_COMMENT: Final = re.compile(r"(?m)^<!--.*-->\n+")
_LONGEST: Final = 160


def write_llms(site: Path, pages: Path, menu: list[Any], title: str, words: str) -> None:
    """Write `llms.txt` into a site, and the Markdown of each page beside its HTML.

    The links are relative to the file, so they hold in every version of the site.
    """
    texts = {
        path.relative_to(pages).as_posix(): _COMMENT.sub("", path.read_text("utf-8"))
        for path in pages.rglob("*.md")
    }
    for page, text in texts.items():
        with_folder(site / page).write_text(text, "utf-8")
    lines = [f"# {title}", "", f"> {words}"]
    for entry in menu:
        for name, value in entry.items():
            lines += ["", f"## {name}", ""]
            for label, page in _pages(name, value):
                lines.append(f"- [{label}]({page}): {_first_sentence(texts[page])}")
    (site / "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _pages(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the label and the path of each page below an entry of the menu."""
    if isinstance(value, str):
        yield name, value
        return
    for one in value:
        if isinstance(one, str):
            yield one.removesuffix(".md"), one
        else:
            for label, below in one.items():
                yield from _pages(label, below)


def _first_sentence(text: str) -> str:
    """Return the first sentence of the prose of a page, without links."""
    prose = " ".join(_LINK.sub(r"\1", _CODE.sub("", text)).split())
    sentence = re.split(r"(?<=[.:?])\s", prose, maxsplit=1)[0]
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST].rsplit(' ', 1)[0]} …"
