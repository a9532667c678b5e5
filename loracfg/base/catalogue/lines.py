"""Tables in one text, of which a line is found without a look at the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Lines(Mapping[str, str]):
    """A text with a line for each key: the key, a space, and its value.

    Keys have no spaces; values are of one line.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = f"\n{text}"

    def __getitem__(self, key: str) -> str:
        wanted = f"\n{key} "
        at = self.text.find(wanted)
        if at < 0 or " " in key or "\n" in key:
            raise KeyError(key)
        return self.text[at + len(wanted) : self.text.index("\n", at + 1)]

    def __iter__(self) -> Iterator[str]:
        return (line.partition(" ")[0] for line in self.text.splitlines() if line)

    def __len__(self) -> int:
        return self.text.count("\n") - 1

    def having(self, first: str) -> list[str]:
        """Return the keys whose value has this first word."""
        return list(self._keys(first, is_first=True))

    def listing(self, word: str) -> str | None:
        """Return the first key whose value has this word behind its first one."""
        return next(self._keys(word, is_first=False), None)

    def _keys(self, word: str, is_first: bool) -> Iterator[str]:
        """Yield the keys whose value has a word in this place."""
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
        ValueError: if a key or a value cannot be a part of a line.
    """
    for key, value in values.items():
        if not key or set(" \n") & {*key} or "\n" in value:
            raise ValueError(f"`{key}` with `{value}` makes no line")
    return "".join(f"{key} {value}\n" for key, value in values.items())
