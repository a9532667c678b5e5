"""A rule is added to what a file ignores for an adapter; the rest of the text stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from loracfg.settings.ignoring import with_ignored

FOLDER = Path("/project")


@pytest.mark.parametrize(
    ("file", "adapter", "before", "after"),
    [
        ("loracfg.toml", ".", "", 'ignore = ["LC503"]\n'),
        ("loracfg.toml", ".", 'ignore = ["LC7"]\n', 'ignore = ["LC7", "LC503"]\n'),
        (
            "loracfg.toml",
            ".",
            'base = "b"\n\n[policy]\nmax-rank = 8\n',
            'base = "b"\nignore = ["LC503"]\n\n[policy]\nmax-rank = 8\n',
        ),
        (
            "pyproject.toml",
            ".",
            '[project]\nname = "x"\n',
            '[project]\nname = "x"\n\n[tool.loracfg]\nignore = ["LC503"]\n',
        ),
        (
            "pyproject.toml",
            ".",
            '[tool.loracfg]\nbase = "b"\n',
            '[tool.loracfg]\nignore = ["LC503"]\nbase = "b"\n',
        ),
        (
            "pyproject.toml",
            "a",
            '[tool.loracfg]\nbase = "b"\n',
            '[tool.loracfg]\nbase = "b"\n\n[tool.loracfg.paths]\n"a" = { ignore = ["LC503"] }\n',
        ),
        ("loracfg.toml", "a", '[paths]\n"a" = {}\n', '[paths]\n"a" = {ignore = ["LC503"]}\n'),
        (
            "loracfg.toml",
            "a",
            '[paths]\n"a" = { class = "X" }\n',
            '[paths]\n"a" = { ignore = ["LC503"], class = "X" }\n',
        ),
        (
            "loracfg.toml",
            "a [1]",
            '[paths]\n"b" = { class = "X" }\n',
            '[paths]\n"b" = { class = "X" }\n"a [[]1[]]" = { ignore = ["LC503"] }\n',
        ),
        ("loracfg.toml", "../a", "", None),  # no pattern is for what is outside
        (  # a bracket in a comment looks like the end of the list
            "loracfg.toml",
            "a",
            '[paths."a"]\nignore = [ # ]\n  "LC7",\n]\n',
            None,
        ),
        ("loracfg.toml", "a", "paths.'a'.class = 'X'\n", None),
        ("loracfg.toml", ".", "base = \n", None),
    ],
)
def test_a_rule_is_added(file: str, adapter: str, before: str, after: str | None) -> None:
    assert with_ignored(before, FOLDER / file, FOLDER / adapter, "LC503") == after
