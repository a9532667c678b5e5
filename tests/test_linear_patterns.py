"""Our regular expressions take time in proportion to the text, also if it is made against them."""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = {"loracfg": "loracfg", "api": "loracfg_api"}
METHODS: Final = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")
ELSEWHERE: Final = {"building", "testing", "derivation", "static_page"}
"""Folders whose patterns only see texts of developers or of installed libraries."""
EXCEPTIONS: Final = {
    ("loracfg.base.catalogue.printing.line_breaks", "_STRINGS"),  # only sees text of ours
    ("loracfg.base.catalogue.printing.line_breaks", "_WORDS"),
    ("loracfg.base.catalogue.trees.tie_patterns", "_TOKEN"),  # at most 500 characters
    ("loracfg.document.toml_bounds", "_TOKEN"),  # nothing is read after a quote that is not closed
}
LENGTH: Final = 6_000
SECONDS: Final = 0.03
"""Linear ones take 1 to 5 ms; a quadratic one takes at least 60 ms."""
PATIENCE: Final = 1.0
ENDS: Final = ("\0", "!", "")
USUAL: Final = ("a", "0", " ", "\n", ".", "a.", "a ", "'a'")


class Use(NamedTuple):
    """A pattern, how it is used, and where."""

    module: str
    name: str
    method: str


def uses() -> Iterator[Use]:
    """Yield the uses of the patterns that modules name."""
    for folder, package in PACKAGES.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            source = path.read_text()
            if ELSEWHERE.intersection(parts) or "import re\n" not in source:
                continue
            module = ".".join((package, *parts)).removesuffix(".__init__")
            for node in ast.walk(ast.parse(source)):
                match node:
                    case ast.Call(ast.Attribute(ast.Name("re"), method), [ast.Name(name), *_]):
                        yield Use(module, name, method)
                    case ast.Call(ast.Attribute(ast.Name(name), method)) if name.isupper():
                        yield Use(module, name, method)


def is_pattern(use: Use) -> bool:
    return use.method in METHODS and use.name.isupper() and use[:2] not in EXCEPTIONS


USES: Final = sorted({use for use in uses() if is_pattern(use)})


def pieces(pattern: str) -> Iterator[str]:
    """Yield what a text against a pattern may consist of: its words and marks, and usual ones."""
    words = re.findall(r"[A-Za-z_]{2,}", re.sub(r"\\.|\(\?[a-zA-Z<=!:]*", " ", pattern))
    marks = [mark for mark in "\"'`#-/:;,=@<[({\\&|" if mark in pattern]
    yield from dict.fromkeys([*USUAL, *words[:6], *marks])
    yield from ("".join(pair) for pair in itertools.product([*marks, " ", "a"], repeat=2))


def texts(pattern: str) -> Iterator[str]:
    """Yield long texts that a pattern may read more than once."""
    words = re.findall(r"[A-Za-z_]{2,}", re.sub(r"\\.|\(\?[a-zA-Z<=!:]*", " ", pattern))
    beginnings = dict.fromkeys(["", "a", ".", *words[:2], *(f"{word}." for word in words[:1])])
    for begin, piece, end in itertools.product(beginnings, pieces(pattern), ENDS):
        yield begin + piece * (LENGTH // len(piece)) + end


def seconds(pattern: re.Pattern[Any], method: str, text: str | bytes) -> float:
    """Return the CPU time of a call, which is stopped after some patience."""
    arguments = (text[:0], text) if method == "sub" else (text,)
    start = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        found = getattr(pattern, method)(*arguments)
        if method == "finditer":
            for _ in found:
                pass
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("use", USES, ids=lambda use: ".".join(use))
def test_a_pattern_takes_time_in_proportion_to_the_text(use: Use) -> None:
    try:
        value = getattr(importlib.import_module(use.module), use.name)
    except ImportError as error:
        pytest.skip(str(error))
    if not isinstance(value, str | bytes | re.Pattern):
        return
    pattern = re.compile(value)
    source = pattern.pattern
    shown = source.decode("latin-1") if isinstance(source, bytes) else source
    for text in texts(shown):
        read = text.encode() if isinstance(source, bytes) else text
        if seconds(pattern, use.method, read) > SECONDS:
            again = min(seconds(pattern, use.method, read) for _ in range(3))
            assert again < SECONDS, (
                f"{source!r} takes {again:.2f} s for {text[:20]!r}…{text[-1:]!r}"
            )


def test_a_quadratic_pattern_is_noticed() -> None:
    pattern = r"[ \t]*\[?[ \t]*tool"
    assert max(seconds(re.compile(pattern), "search", text) for text in texts(pattern)) > SECONDS


def test_uses_are_listed() -> None:
    assert Use("loracfg.urls", "_URL", "sub") in USES
    assert len(USES) > 100
