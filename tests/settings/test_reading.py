"""`loracfg.toml` and `[tool.loracfg]`: what is read, and what each mistake is answered with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.document.toml_places import Place
from loracfg.errors import LoracfgError
from loracfg.settings.keys import KEYS
from loracfg.settings.reading import read_file
from loracfg.sources.excluded import NOT_NEGATED
from loracfg.sources.globs import SYNTAX

WHOLE: Final = """\
select = ["LC5", "rank-mismatch"]
ignore = ["LC7"] # not yet
base = "base"
class = "LlamaForCausalLM"
peft = "0.17"
for = ["vllm==0.33,max_lora_rank=64"]
online = true
data = false
preview = true
fail-on = "warning"
strict = true
exclude = ["old/*"]
baseline = "baseline.json"

[paths]
"qwen/*" = { base = "qwen", ignore = ["LC703"] }
"""


def read(tmp_path: Path, text: str, name: str = "loracfg.toml") -> str:
    """Return what is said of a file with this text, without the folder."""
    (tmp_path / name).write_text(text, "utf-8", newline="")
    with pytest.raises(LoracfgError) as caught:
        read_file(tmp_path / name)
    return f"{caught.value}".replace(f"{tmp_path}/", "")


def test_every_key_is_read(tmp_path: Path) -> None:
    path = tmp_path / "loracfg.toml"
    path.write_text(WHOLE)
    file = read_file(path)
    in_file = {name for name, key in KEYS.items() if key.has_option}
    assert file.values.keys() == in_file
    assert file.values["for"].value == ("vllm==0.33,max_lora_rank=64",)
    assert file.values["strict"].value is True
    (table,) = file.tables
    assert table.pattern == "qwen/*"
    assert {name: one.value for name, one in table.values.items()} == {
        "base": "qwen",
        "ignore": ("LC703",),
    }
    (origin,) = table.values["base"].origins
    assert (origin.place, origin.pattern) == (Place(16, 21), "qwen/*")
    assert f"{file.values['ignore'].origins[0]}" == f"{path}:2:10"


def test_the_table_of_pyproject_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nselect = 1\n[tool.loracfg]\nselect = ["LC5"]\n')
    file = read_file(path)
    assert file.values["select"].value == ("LC5",)
    assert file.values["select"].origins[0].place == Place(4, 10)
    path.write_text("[tool.loracfg]\n")
    assert read_file(path).values == {}


def test_pyproject_without_the_table_is_an_error(tmp_path: Path) -> None:
    """Only if it is named: the search passes it over."""
    said = "`pyproject.toml` has no `[tool.loracfg]`; add it, or pass a different file"
    assert read(tmp_path, "[project]\n", "pyproject.toml") == said
    assert read(tmp_path, "tool = 1\n", "pyproject.toml") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base = 1", '1:8: `base` is `1`, not a non-empty string; write `base = "models/llama"`'),
        ('base = ""', '1:8: `base` is `""`, not a non-empty string; write `base = "models/llama"`'),
        (
            "base = [1]",
            '1:8: `base` is a list, not a non-empty string; write `base = "models/llama"`',
        ),
        (
            "base = 1979-05-27",
            '1:8: `base` is a date or time, not a non-empty string; write `base = "models/llama"`',
        ),
        (
            'base = "a\\u0007b"',
            '1:8: `base` is `"a\\u0007b"`, not a non-empty string; write `base = "models/llama"`',
        ),
        ("online = 1", "1:10: `online` is `1`, not `true` or `false`; write `online = true`"),
        (
            'fail-on = "warn"',
            '1:11: `fail-on` is `"warn"`, not `error` or `warning`; write `fail-on = "error"`',
        ),
        ('select = "LC5"', '1:10: `select` is `"LC5"`, not a list; write `select = ["LC7"]`'),
        (
            'select = [\n  "LC5",\n  5,\n]',
            '3:3: `select` has `5`, which is not a rule; write `select = ["LC7"]`',
        ),
        (
            'ignore = ["LC5, LC6"]',
            '1:11: `ignore` has `"LC5, LC6"`, which is not a rule; write codes such as `LC503`, '
            "prefixes such as `LC7`, or names",
        ),
        (
            'ignore = ["LC5", "LC999"]',
            "1:18: there is no rule `LC999`; `loracfg rules` lists all rules",
        ),
        ('for = ["vlm"]', "1:8: `vlm` is not a known runtime; did you mean `vllm`? Use one of …"),
        ('peft = "9"', "1:8: `9` is not a known release of PEFT; use one from …"),
        (
            'exclude = ["a", "!x"]',
            f'1:17: `exclude` has `"!x"`, which is not a pattern of paths; {SYNTAX}; {NOT_NEGATED}',
        ),
        (
            'exclude = ["../a"]',
            f'1:12: `exclude` has `"../a"`, which is not a pattern of paths; {SYNTAX}; '
            f"{NOT_NEGATED}",
        ),
        (
            "[tool.loracfg]\nstrict = true",
            "1:2: unknown key `tool`; in `loracfg.toml`, write the keys without `[tool.loracfg]`",
        ),
        ('selct = ["LC5"]', "1:1: unknown key `selct`; write `select`"),
        ("fail_on = 1", "1:1: unknown key `fail_on`; write `fail-on`"),
        ("zzzz = 1", "1:1: unknown key `zzzz`; remove it; the keys are …"),
        ('"a\\u001bb" = 1', "1:1: unknown key `a\\u001bb`; remove it; the keys are …"),
        ("paths = 1", "1:9: `paths` is an integer, not a table; write `[paths]`"),
        ("[[paths]]", "1:3: `paths` is a list, not a table; write `[paths]`"),
        ("[paths]\na = 1.5", "2:5: `paths.a` is a float, not a table; write `[paths.a]`"),
        ('[paths]\n"/a" = {}', f"2:1: `/a` is not a pattern of paths; {SYNTAX}"),
        (
            "[paths.a]\nbse = 1",
            "2:1: unknown key `bse` in `[paths.a]`; write `base`",
        ),
        (
            "[paths]\na = { strict = true }",
            "2:7: unknown key `strict` in `[paths.a]`; move `strict` to the top of the file",
        ),
        (
            '[paths."a"]\nignore = ["LC999"]',
            "2:11: there is no rule `LC999`; `loracfg rules` lists all rules",
        ),
        (
            "base = [",
            "1:9: not valid TOML: invalid value; correct it, or pass `--isolated`",
        ),
        (
            "a = 1\nb = = 2",
            "2:5: not valid TOML: invalid value; correct it, or pass `--isolated`",
        ),
    ],
)
def test_mistake(tmp_path: Path, text: str, said: str) -> None:
    found = read(tmp_path, text)
    wanted = f"loracfg.toml:{said}"
    if said.endswith("…"):
        assert found.startswith(wanted[:-1])
    else:
        assert found == wanted


def test_mistakes_in_pyproject_have_their_place(tmp_path: Path) -> None:
    text = '[project]\nname = "a"\n\n[tool.loracfg]\nbse = "x"\n'
    said = "pyproject.toml:5:1: unknown key `bse`; write `base`"
    assert read(tmp_path, text, "pyproject.toml") == said
    text = "[tool]\nloracfg = 3"
    said = "pyproject.toml:2:11: `tool.loracfg` is an integer, not a table; write `[tool.loracfg]`"
    assert read(tmp_path, text, "pyproject.toml") == said


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "loracfg.toml"
    path.write_bytes(b'base = "\xff"')
    with pytest.raises(LoracfgError, match="is not UTF-8 text; save it as UTF-8"):
        read_file(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(LoracfgError, match="has more than 1,000,000 bytes"):
        read_file(path)
    path.write_text(f"base = {'[' * 100_000}")
    with pytest.raises(LoracfgError, match="nested more than 50 levels deep"):
        read_file(path)
    path.unlink()
    message = re.escape(f"cannot read `{path}`: No such file or directory; check the file")
    with pytest.raises(LoracfgError, match=message):
        read_file(path)


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000])
def test_numbers_that_python_does_not_read(number: str, tmp_path: Path) -> None:
    said = read(tmp_path, f"strict = true\nbaseline = {number}")
    assert said == (
        "loracfg.toml:2:12: a number or a key has more than 1,000 characters; "
        "correct it, or pass `--isolated`"
    )


def test_a_key_with_thousands_of_parts_is_refused_with_its_place(tmp_path: Path) -> None:
    said = read(tmp_path, "strict = true\n" + "a." * 20_000 + "b = 1")
    assert said == (
        "loracfg.toml:2:32: a key has more than 16 parts; correct it, or pass `--isolated`"
    )


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "loracfg.toml"
    path.write_text('base = "x"', "utf-8-sig")
    assert read_file(path).values["base"].value == "x"


def changed(text: str, at: int, removed: int, added: str) -> str:
    return text[:at] + added + text[at + removed :]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=60),
        st.builds(
            changed,
            st.just(WHOLE),
            st.integers(0, len(WHOLE)),
            st.integers(0, 12),
            st.text("ab=[]{}\"'#\n.,\\-1é\x00", max_size=4),
        ).map(str.encode),
    )
)
def test_any_other_file_is_read_or_answered(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "loracfg.toml"
    path.write_bytes(data)
    try:
        read_file(path)
    except LoracfgError as error:
        said = error
    else:
        return
    assert said.help
    assert "\n" not in said.message
    assert re.search(r"loracfg\.toml:\d+:\d+: ", said.message) or "UTF-8" in said.message
