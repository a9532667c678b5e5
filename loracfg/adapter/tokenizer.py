"""Read the tokens that tokenizer files add to the vocabulary.

transformers 4 writes them to `added_tokens.json` and, since 4.34, to `added_tokens_decoder` in
`tokenizer_config.json`. `tokenizer.json`, a file of the tokenizers library, has them near its
beginning; it is the only file to which transformers 5 writes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from loracfg.adapter.files import ADDED_TOKENS_NAME, Files
from loracfg.named_tuple import NamedTuple

MAX_BYTES: Final = 1024 * 1024
"""The maximum bytes to read of a file, enough for about 5,000 tokens in a `tokenizer.json`."""

_MAX_ID: Final = 2**31
_ADDED: Final = r'"added_tokens"\s*:\s*(?=\[)'


class Tokenizer(NamedTuple):
    """The added tokens by id, and the padding tokens.

    `is_whole` says that these are all of them: every file could be read, and one lists all added
    tokens. `rows` is the number of embedding rows that the tokens in `added_tokens.json` need; None
    without that file.
    """

    added: Mapping[int, str]
    padding: frozenset[str] = frozenset()
    is_whole: bool = True
    rows: int | None = None


def read_tokenizer(files: Files) -> Tokenizer | None:
    """Read the existing tokenizer files; None if none can be read."""
    sizes = files.sizes()
    found = [_read(name, files, sizes[name]) for name in _READERS if name in sizes]
    known = [tokenizer for tokenizer in found if tokenizer is not None]
    if not known:
        return None
    return Tokenizer(
        {number: token for one in known for number, token in one.added.items()},
        frozenset().union(*(one.padding for one in known)),
        len(known) == len(found) and any(one.is_whole for one in known),
        next((one.rows for one in known if one.rows is not None), None),
    )


def _read(name: str, files: Files, size: int) -> Tokenizer | None:
    try:
        with files.open(name) as stream:
            data = stream.read(min(size, MAX_BYTES))
    except OSError:  # PEFT does not need the file
        return None
    return _READERS[name](data.decode("utf-8", errors="replace"))


def _of_added_tokens(text: str) -> Tokenizer | None:
    value = _object(text)
    if value is None:
        return None
    added = {number: token for token, number in value.items() if _is_id(number)}
    return Tokenizer(added, rows=max(added, default=-1) + 1)


def _of_config(text: str) -> Tokenizer | None:
    value = _object(text)
    if value is None:
        return None
    decoder = value.get("added_tokens_decoder")
    entries = decoder.items() if isinstance(decoder, dict) else ()
    numbered = ((int(key), _content(one)) for key, one in entries if _is_number(key))
    padding = _content(value.get("pad_token"))
    added = {number: token for number, token in numbered if token is not None and _is_id(number)}
    pads = frozenset({padding} if padding is not None else ())
    return Tokenizer(added, pads, isinstance(decoder, dict))


def _of_library(text: str) -> Tokenizer | None:
    """Read the list from the beginning of a `tokenizer.json`; the rest may be missing."""
    match = re.search(_ADDED, text)
    entries = _parsed(
        lambda: json.JSONDecoder().raw_decode(text, match.end())[0] if match else None
    )
    if not isinstance(entries, list):
        return None
    return Tokenizer(dict(_numbered(entries)))


def _numbered(entries: list[Any]) -> Iterator[tuple[int, str]]:
    for entry in entries:
        content = _content(entry)
        if content is not None and _is_id(entry.get("id")):
            yield entry["id"], content


_READERS: Final[Mapping[str, Callable[[str], Tokenizer | None]]] = {
    ADDED_TOKENS_NAME: _of_added_tokens,
    "tokenizer_config.json": _of_config,
    "tokenizer.json": _of_library,
}


def _object(text: str) -> dict[str, Any] | None:
    value = _parsed(lambda: json.loads(text))
    return value if isinstance(value, dict) else None


def _parsed(parse: Callable[[], Any]) -> Any:
    """Return a parsed JSON value; None if it is invalid or nested too deep."""
    try:
        return parse()
    except (ValueError, RecursionError):
        return None


def _content(entry: Any) -> str | None:
    """Return the text of a token, which is a string or an object with a `content`."""
    content = entry.get("content") if isinstance(entry, dict) else entry
    return content if isinstance(content, str) else None


def _is_number(key: str) -> bool:
    return len(key) < len(str(_MAX_ID)) and key.isascii() and key.isdecimal()


def _is_id(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _MAX_ID
