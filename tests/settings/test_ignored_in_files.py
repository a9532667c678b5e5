"""A rule that an editor ignores for an adapter is added to the file with the smallest change."""

from __future__ import annotations

from pathlib import Path

import pytest

from loracfg.settings.ignoring import with_ignored

OWN = "loracfg.toml"
SHARED = "pyproject.toml"


@pytest.mark.parametrize(
    ("name", "adapter", "before", "after"),
    [
        (OWN, ".", "", 'ignore = ["LC610"]\n'),
        (OWN, ".", 'ignore = ["LC520"]\n', 'ignore = ["LC520", "LC610"]\n'),
        (OWN, ".", "ignore = []\n", 'ignore = ["LC610"]\n'),
        (OWN, ".", "[policy]\nmax-rank = 8\n", 'ignore = ["LC610"]\n\n[policy]\nmax-rank = 8\n'),
        (OWN, "a", "", '[paths]\n"a" = { ignore = ["LC610"] }\n'),
        (
            OWN,
            "a",
            '[paths]\n"a" = { ignore = ["LC520"] }\n',
            '[paths]\n"a" = { ignore = ["LC520", "LC610"] }\n',
        ),
        (OWN, "a", '[paths]\n"a" = {}\n', '[paths]\n"a" = {ignore = ["LC610"]}\n'),
        (
            OWN,
            "a",
            '[paths]\n"a" = { select = ["LC5"] }\n',
            '[paths]\n"a" = { ignore = ["LC610"], select = ["LC5"] }\n',
        ),
        (
            OWN,
            "a",
            '[paths."a"]\nignore = [\n  "LC520",\n]\n',
            '[paths."a"]\nignore = [\n  "LC520", "LC610"\n]\n',
        ),
        (
            OWN,
            "a",
            '[paths."a"]\nselect = ["LC5"]\n',
            '[paths."a"]\nignore = ["LC610"]\nselect = ["LC5"]\n',
        ),
        (
            OWN,
            "a",
            '[paths]\n"b" = { select = ["LC5"] }\n\n[policy]\nmax-rank = 8\n',
            '[paths]\n"b" = { select = ["LC5"] }\n"a" = { ignore = ["LC610"] }\n\n'
            "[policy]\nmax-rank = 8\n",
        ),
        (
            SHARED,
            ".",
            '[project]\nname = "x"\n',
            '[project]\nname = "x"\n\n[tool.loracfg]\nignore = ["LC610"]\n',
        ),
        (
            SHARED,
            ".",
            "[tool.loracfg]\npreview = true\n",
            '[tool.loracfg]\nignore = ["LC610"]\npreview = true\n',
        ),
        (
            SHARED,
            "a",
            "[tool.loracfg]\npreview = true\n",
            "[tool.loracfg]\npreview = true\n\n"
            '[tool.loracfg.paths]\n"a" = { ignore = ["LC610"] }\n',
        ),
        (OWN, ".", "policy = {\n", None),
        (OWN, ".", "paths = 3\n", None),
    ],
)
def test_a_rule_is_ignored_by_the_smallest_change(
    name: str, adapter: str, before: str, after: str | None, tmp_path: Path
) -> None:
    assert with_ignored(before, tmp_path / name, tmp_path / adapter, "LC610") == after
