"""A table as one text, in which a single line can be found without parsing the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Lines(Mapping[str, str]):
    """A text with a line for each key: the key, a space, and its value.

    Keys have no spaces, and values have one line. Only values that were looked up are cached.
    """

    __slots__ = ("_found", "_words", "text")

    def __init__(self, text: str) -> None:
        self.text = f"\n{text}"
        self._found: dict[str, str] = {}
        self._words: dict[tuple[str, bool], list[str]] = {}

    def __getitem__(self, key: str) -> str:
        found = self._found.get(key)
        if found is None:
            wanted = f"\n{key} "
            at = self.text.find(wanted)
            if at < 0 or " " in key or "\n" in key:
                raise KeyError(key)
            found = self.text[at + len(wanted) : self.text.index("\n", at + 1)]
            self._found[key] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return (line.partition(" ")[0] for line in self.text.splitlines() if line)

    def __len__(self) -> int:
        return self.text.count("\n") - 1

    def keys_by_first_word(self, first: str) -> list[str]:
        """Return the keys whose value begins with this word."""
        return self._with(first, is_first=True)

    def key_by_later_word(self, word: str) -> str | None:
        """Return the first key whose value has this word after its first word."""
        return next(iter(self._with(word, is_first=False)), None)

    def _with(self, word: str, is_first: bool) -> list[str]:
        found = self._words.get((word, is_first))
        if found is None:
            found = list(self._keys(word, is_first))
            if found:
                self._words[word, is_first] = found
        return found

    def _keys(self, word: str, is_first: bool) -> Iterator[str]:
        """Yield the keys whose value has a word, either as its first word or later."""
        if not word or " " in word or "\n" in word:
            return
        wanted, text = f" {word}", self.text
        at = text.find(wanted)
        while at >= 0:
            start = text.rindex("\n", 0, at) + 1
            ends = at + len(wanted)
            key, space, _ = text[start:at].partition(" ")
            if text[ends] in " \n" and is_first != bool(space):
                yield key
            at = text.find(wanted, ends)


def lines(values: Mapping[str, str]) -> str:
    """Return the text of a table.

    Raises:
        ValueError: if a key or a value cannot be in a line.
    """
    for key, value in values.items():
        if not key or set(" \n") & {*key} or "\n" in value:
            raise ValueError(f"`{key}` with `{value}` cannot be a line")
    return "".join(f"{key} {value}\n" for key, value in values.items())
