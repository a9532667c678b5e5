"""The listing for people and its one-line form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.report.render import render
from loracfg.report.render.snippet import MAX_CHARACTERS, snippet
from loracfg.report.report import (
    AdapterReport,
    Base,
    Coverage,
    Diagnostic,
    Location,
    Region,
    Related,
    Report,
    Scaling,
)
from tests.report.samples import CONFIG, INVALID
from tests.report.strategies import reports

ANSI = re.compile(r"\x1b\[[0-9;]*m")
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
LINES = st.builds(lambda piece, times: piece * times, ASCII, st.integers(1, 20))


def _adapter(**changes: object) -> Report:
    return Report("1", (AdapterReport("adapter", "valid")._replace(**changes),))  # type: ignore[arg-type]


def _finding(location: Location, **changes: object) -> Diagnostic:
    d = Diagnostic("LC101", "some-rule", "error", "message", location, help="", url="")
    return d._replace(**changes)  # type: ignore[arg-type]


@given(reports)
def test_color_adds_styles_and_nothing_else(report: Report) -> None:
    assert ANSI.sub("", render(report, "text", color=True)) == render(report, "text")


def test_color_marks_severity_and_status() -> None:
    text = render(INVALID, "text", color=True)
    assert "\x1b[1;31merror[LC503]\x1b[0m" in text
    assert "\x1b[1;33mwarning[LC311]\x1b[0m" in text
    assert ": \x1b[1;32mvalid\x1b[0m\n" in text


@given(st.lists(LINES, min_size=1, max_size=4), st.data())
def test_carets_are_under_the_span(lines: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(lines)))
    line = lines[number - 1]
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    shown = snippet(lines, Region(number, start + 1, number, end + 1))
    assert shown
    marked = shown.text[shown.offset : shown.offset + shown.length]
    assert shown.length >= 1
    assert len(shown.text) <= MAX_CHARACTERS + len("......")
    assert len(marked) == shown.length or (start == end == len(line) and shown.length == 1)
    if start < end:
        assert line[start:end].startswith(marked)
        assert len(marked) == end - start or shown.text.endswith(marked + "...")


def test_long_line_is_cut_on_both_sides() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown = snippet([line], Region(1, 501, 1, 505))
    assert shown
    assert shown.text.startswith("...xxx")
    assert shown.text.endswith("yyy...")
    assert shown.text[shown.offset :][: shown.length] == "HERE"


@pytest.mark.parametrize(
    ("line", "column", "text", "offset", "length"),
    [
        ('\t"r": 8', 7, '    "r": 8', 9, 1),
        ('"键": 8', 6, '"键": 8', 6, 1),
        ('"键": 8', 2, '"键": 8', 1, 2),
        ('"e\u0301": 8', 7, '"e\u0301": 8', 5, 1),
        ('\x1b": 8', 5, '\\x1b": 8', 7, 1),
        ("8\r", 1, "8", 0, 1),
    ],
    ids=["tab", "wide before", "wide", "combining", "control", "carriage return"],
)
def test_carets_follow_what_the_terminal_shows(
    line: str, column: int, text: str, offset: int, length: int
) -> None:
    shown = snippet([line], Region(1, column, 1, column + 1))
    assert shown
    assert (shown.text, shown.offset, shown.length) == (text, offset, length)


def test_span_over_lines_is_marked_to_the_end_of_the_first() -> None:
    shown = snippet(['  "x": [1, 2,', "  3]"], Region(1, 8, 2, 5))
    assert shown
    assert (shown.offset, shown.length) == (7, len("[1, 2,"))


def test_line_that_the_source_does_not_have_is_not_shown() -> None:
    location = Location(CONFIG, "/r", Region(9, 1, 9, 2))
    text = render(_adapter(diagnostics=(_finding(location),), sources={CONFIG: '{"r": 8}'}), "text")
    assert " --> adapter/adapter_config.json:9:1\n\n" in text


def test_gutter_is_as_wide_as_the_longest_line_number() -> None:
    far = Related(Location(CONFIG, "/b", Region(100, 1, 100, 2)), "and here")
    d = _finding(Location(CONFIG, "/a", Region(2, 1, 2, 2)), related=(far,), help="do this")
    source = "\n".join("abcde"[n % 5] * 3 for n in range(120))
    text = render(_adapter(diagnostics=(d,), sources={CONFIG: source}), "text")
    assert text.startswith(
        "error[LC101] some-rule: message\n"
        "   --> adapter/adapter_config.json:2:1\n"
        "    |\n"
        "  2 | bbb\n"
        "    | ^\n"
        "    note: and here\n"
        "   --> adapter/adapter_config.json:100:1\n"
        "    |\n"
        "100 | eee\n"
        "    | ^\n"
        "    = help: do this\n"
    )


def test_count_is_shown_where_there_is_more_than_one() -> None:
    one, two = (_adapter(diagnostics=(_finding(Location(""), count=n),)) for n in (1, 2))
    assert "occurrence" not in render(one, "text")
    assert " --> adapter\n  = note: 2 occurrences\n" in render(two, "text")


LLAMA = Base("checkpoint", "llama", "LlamaForCausalLM")


@pytest.mark.parametrize(
    ("base", "coverage", "sentence"),
    [
        (None, Coverage(448), "448 tensors, no base to compare with."),
        (None, Coverage(1), "1 tensor, no base to compare with."),
        (LLAMA, Coverage(448), "448 tensors, not compared with LlamaForCausalLM."),
        (LLAMA, Coverage(4, 4, 4, 0, 0, 0), "4 of 4 tensors apply to LlamaForCausalLM."),
        (
            LLAMA,
            Coverage(4, 4, 1, missing=2, unexpected=1, mismatched=1),
            "1 of 4 tensors apply to LlamaForCausalLM "
            "(1 with a wrong shape, 2 missing, 1 unexpected).",
        ),
        (
            Base("catalogue", "llama", None),
            Coverage(1, 1, 1),
            "1 of 1 tensor applies to llama.",
        ),
    ],
)
def test_coverage_in_words(base: Base | None, coverage: Coverage, sentence: str) -> None:
    lines = render(_adapter(base=base, coverage=coverage), "text").splitlines()
    assert f"  {sentence}" in lines


@pytest.mark.parametrize(
    ("config", "rest"),
    [
        (None, ""),
        ("models/llama", ", models/llama"),
        ("a\nb", ", a\\nb"),
        (f"org/name@{'a' * 40}", ", org/name at aaaaaaa, from the local cache"),
        (f"./name@{'a' * 40}x", f", ./name@{'a' * 40}x"),
    ],
)
def test_base_says_what_was_read(config: str | None, rest: str) -> None:
    text = render(_adapter(base=LLAMA._replace(config=config)), "text")
    assert f"\n  base: LlamaForCausalLM (from the checkpoint){rest}\n" in text


def test_base_says_which_release_the_catalogue_has() -> None:
    base = Base("catalogue", "llama", "LlamaForCausalLM", "models/llama", "transformers 5.23.0")
    line = "base: LlamaForCausalLM (from the catalogue of transformers 5.23.0), models/llama"
    assert f"\n  {line}\n" in render(_adapter(base=base), "text")


def test_no_coverage_sentence_where_no_tensor_was_read() -> None:
    assert render(_adapter(status="error"), "text") == "adapter: error\n\n1 adapter: 1 unreadable\n"


@pytest.mark.parametrize(
    ("scaling", "sentence"),
    [
        (Scaling(2.0, 2.0), "Scale 2.0."),
        (Scaling(1.0, 4.0), "Scale 1.0 to 4.0."),
        (Scaling(1 / 3, 1 / 3), "Scale 0.333333."),
        (Scaling(-1.0, 1e-9), "Scale -1.0 to 1e-09."),
        (Scaling(float("nan"), float("nan")), "Scale nan."),
    ],
)
def test_scale_in_words(scaling: Scaling, sentence: str) -> None:
    assert f"  {sentence}" in render(_adapter(scaling=scaling), "text").splitlines()


def test_summary_counts_every_status_and_severity() -> None:
    place = Location("")
    findings = (_finding(place), _finding(place, severity="info"), _finding(place, severity="info"))
    report = Report(
        "1",
        (
            AdapterReport("a", "valid"),
            AdapterReport("b", "invalid", findings),
            AdapterReport("c", "undetermined"),
            AdapterReport("d", "error"),
        ),
    )
    summary = "4 adapters: 1 valid, 1 invalid, 1 undetermined, 1 unreadable (1 error, 2 infos)\n"
    assert render(report, "text").endswith(f"\n{summary}")
    assert render(report, "concise").endswith(f"\n{summary}")


def test_no_adapters() -> None:
    assert render(Report("1", ()), "text") == "0 adapters\n"


@given(reports)
def test_concise_has_a_line_for_each_finding_and_the_summary(report: Report) -> None:
    lines = render(report, "concise").split("\n")
    is_fixable = any(d.fix for a in report.adapters for d in a.diagnostics)
    assert len(lines) == sum(len(a.diagnostics) for a in report.adapters) + 2 + is_fixable


def test_file_of_a_base_is_shown_with_its_own_path() -> None:
    finding = _finding(Location("/base/config.json", region=Region(1, 2, 1, 3)))
    output = render(_adapter(diagnostics=(finding,)), "concise")
    assert output.startswith("/base/config.json:1:2: LC101 ")
