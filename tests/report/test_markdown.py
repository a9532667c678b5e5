"""Markdown, read back by a parser: it shows the report, and file content stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from loracfg.report.render import markdown, render
from loracfg.report.render.markdown_text import MAX_CODE, code, link, prose
from loracfg.report.render.place import adapter_path, place
from loracfg.report.render.words import visible
from loracfg.report.report import AdapterReport, Diagnostic, HiddenFindings, Location, Report
from tests.report.samples import HOSTILE, INVALID, SAMPLES, UNDETERMINED, VALID, url
from tests.report.strategies import reports, texts

PARSER: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OUR_HTML: Final = re.compile(
    r"<details>\n<summary>\d+ more (finding|adapter)s?</summary>\n|</details>\n"
)
PLAIN_TEXT: Final = re.compile(r"[A-Za-z0-9 ()\"'.,;:!?%·⛔❌❔✅-]*")
COMMIT: Final = re.compile(r"(?<![\w.,-])[0-9a-f]{7,40}\b")
"""What GitHub links if the repository has such a commit."""
HOSTILE_NAMES: Final = (
    "<img src=x onerror=alert(1)>",
    "</details><script>alert(1)</script>",
    "![x](https://evil.example/x.png)",
    "[x](https://evil.example)",
    "[x]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example www.evil.example me@evil.example",
    "@octocat @github/security #1 GH-1 octo/cat#1 octo/cat@0123abc 0123abcdef",
    "deadbeef is a word, and 1234567.5 a number",
    ":rocket: :+1:",
    "`",
    "``",
    "` `` ```",
    "a` <b> `c",
    "`a``b`c``<i>",
    "\\`<b>\\`",
    "a|b\\|c\n|---|---|\n|1|2|",
    "**a** __b__ ~~c~~ *d* _e_",
    "# a\n- b\n1. c\n> d\n---\n===\n```\n~~~",
    "a\\\nb  \nc",
    "&lt;b&gt; &#64;octocat &amp;",
    "<!-- x",
    "$a$ $`b`$ $$c$$",
    " a ",
    "  ",
    "",
    "[^1] [ ] [x]",
    "a\u202eb\u200b@octocat\ud800",
)
names: Final = st.sampled_from(HOSTILE_NAMES) | texts | st.text("`<>@ ab|\\[]()\n*_:", max_size=12)


def parsed(text: str) -> list[Token]:
    """Return all tokens, those inside paragraphs too."""
    found = []
    for token in PARSER.parse(text):
        found += [token, *(token.children or ())]
    return found


def codes(text: str) -> list[str]:
    return [token.content for token in parsed(text) if token.type == "code_inline"]


def assert_inert(text: str, urls: set[str]) -> None:
    """Assert that a text has only headings, lists, words, code, folds, and links to these URLs."""
    for token in parsed(text):
        match token.type:
            case "html_block":
                assert OUR_HTML.fullmatch(token.content)
            case "link_open":
                assert token.attrs["href"] in urls
            case "text":
                assert PLAIN_TEXT.fullmatch(token.content), token.content
                assert not re.search(r":[a-z0-9+_-]", token.content), token.content
                assert not COMMIT.search(token.content), token.content
            case _:
                assert re.fullmatch(
                    "(heading|paragraph|bullet_list|list_item|strong|link)_(open|close)"
                    "|inline|code_inline|softbreak|hardbreak",
                    token.type,
                )


def report_of(*findings: Diagnostic, path: str = "adapter") -> Report:
    return Report("1", (AdapterReport(path, "invalid", findings),))


def finding(message: str, tensor: str | None = None) -> Diagnostic:
    location = Location("adapter_model.safetensors", tensor=tensor)
    return Diagnostic("LC502", "unknown-tensor", "error", message, location, "", url("LC502"))


def entries(text: str) -> int:
    """Count the entries of lists that are in no other list."""
    return sum(t.type == "list_item_open" and t.level == 1 for t in PARSER.parse(text))


@given(names)
@example("x" * MAX_CODE)
def test_code_is_the_text(name: str) -> None:
    for around in ("{}", "- a {}, b", "### x {}: y"):
        text = around.format(code(name))
        assert codes(text) == [visible(name) or " "]
        assert_inert(text, set())


def test_long_names_are_cut() -> None:
    assert codes(code("x" * (MAX_CODE + 1))) == ["x" * (MAX_CODE - 3) + "..."]


@given(names | st.lists(names, min_size=2, max_size=4).map(" is ".join))
@example("`a``b``c`")
@example("(`r` is 8)")
def test_prose_loses_no_characters_and_is_inert(text: str) -> None:
    shown = prose(text)
    assert "\n" not in shown
    assert_inert(f"- help: {shown}", set())
    said = "".join(t.content for t in parsed(f"- {shown}") if t.type in ("text", "code_inline"))
    said, wanted = (one.replace(r"\x3a:", "::") for one in (said, visible(text)))
    assert re.sub("[` ]", "", said) == re.sub("[` ]", "", wanted)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the tensors have rank 16, but `r` is `8`", "the tensors have rank 16, but `r` is `8`"),
        ("Loads in PEFT >=0.14.", "Loads in PEFT `>=0.14`."),
        ("shape (16, 4096) isn't well-known: 50%", "shape (16, 4096) isn't well-known: 50%"),
        ("ask @me (or x@y.z), see f(x).", "ask `@me` (or `x@y.z`), see `f(x)`."),
        ("`a``b`", "`a` `b`"),
        ("one ` alone", "one `` ` `` alone"),
        ("the commit 0123abc", "the commit `0123abc`"),
    ],
)
def test_prose(text: str, shown: str) -> None:
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("rule", "address"),
    [
        ("LC502", "javascript:alert(1)"),
        ("LC502", "http://example.org"),
        ("LC502", "https://example.org/a) <b>"),
        ("LC502", "https://example.org/a b"),
        ("LC](x)", url("LC502")),
        ("", ""),
    ],
)
def test_only_codes_of_rules_are_linked_and_only_to_addresses(rule: str, address: str) -> None:
    assert link(rule, address) == code(rule)
    assert link("LC502", url("LC502")) == f"[LC502]({url('LC502')})"


@settings(deadline=None)  # a parser in Python takes its time
@given(reports)
@example(HOSTILE)
def test_nothing_of_a_file_is_markdown_and_all_of_it_is_shown(report: Report) -> None:
    text = render(report, "markdown")
    diagnostics = [d for adapter in report.adapters for d in adapter.diagnostics]
    assert_inert(text, {d.url for d in diagnostics})
    shown = codes(text)
    for adapter in report.adapters:
        assert visible(adapter_path(adapter)) in shown
        for d in adapter.diagnostics:
            assert place(adapter, d.location) in shown
    assert entries(text) == len(diagnostics) + sum(
        adapter.status == "valid" and not adapter.diagnostics for adapter in report.adapters
    )


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_anywhere(name: str) -> None:
    d = finding(f"nothing explains `{name}`", name)._replace(help=name)
    report = report_of(d, path=f"adapters/{name}")
    text = render(report, "markdown")
    assert_inert(text, {d.url})
    assert place(report.adapters[0], d.location) in codes(text)


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_are_inert(sample: str) -> None:
    report = SAMPLES[sample]
    urls = {d.url for adapter in report.adapters for d in adapter.diagnostics}
    assert_inert(render(report, "markdown"), urls)


def test_a_finding_is_linked_to_its_rule() -> None:
    links = [t.attrs["href"] for t in parsed(render(INVALID, "markdown")) if t.type == "link_open"]
    assert links == [url("LC503"), url("LC603"), url("LC311")]


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (Report("1", ()), "## loracfg · 0 adapters"),
        (VALID, "## ✅ loracfg · 1 adapter: 1 valid"),
        (UNDETERMINED, "## ❔ loracfg · 1 adapter: 1 undetermined (1 info)"),
        (INVALID, "## ❌ loracfg · 2 adapters: 1 valid, 1 invalid (2 errors, 1 warning)"),
    ],
)
def test_the_title_has_the_verdict(report: Report, title: str) -> None:
    assert render(report, "markdown").splitlines()[0] == title


def test_errors_come_first() -> None:
    mild = finding("mild")._replace(severity="info")
    text = render(report_of(mild, finding("bad")), "markdown")
    assert text.index("bad") < text.index("mild")


def test_hidden_findings_are_counted_if_none_are_listed() -> None:
    adapter = VALID.adapters[0]._replace(hidden=HiddenFindings(warnings=1))
    assert "  - hidden by `select` or `ignore`: 1 warning" in render(
        Report("1", (adapter,)), "markdown"
    )


@pytest.mark.parametrize(
    ("number", "fold"),
    [(10, None), (11, "1 more finding"), (12, "2 more findings")],
)
def test_long_lists_are_folded(number: int, fold: str | None) -> None:
    text = render(report_of(*[finding("bad")] * number), "markdown")
    assert entries(text) == number
    before, opening, rest = text.partition("<details>")
    assert entries(before) == min(number, 10)
    assert opening == ("<details>" if fold else "")
    assert (f"<summary>{fold}</summary>" in rest) == bool(fold)
    assert rest.endswith("</details>\n" if fold else "")


def _left_out(text: str) -> Iterator[int]:
    """Yield how many adapters and findings a report says that it has no room for."""
    last = text.splitlines()[-1] if "Not shown: " in text else ""
    for noun in ("adapter", "finding"):
        found = re.search(rf"(\d+) {noun}", last)
        yield int(found[1]) if found else 0


def assert_fits(report: Report, limit: int) -> None:
    """Assert the size, and that what is shown and what is left out add up to everything."""
    text = render(report, "markdown")
    assert len(text.encode()) <= limit
    adapters, findings = _left_out(text)
    sections = len(re.findall(r"(?m)^### (?!Valid)", text))
    all_findings = sum(len(adapter.diagnostics) for adapter in report.adapters)
    shown = len(report.adapters) - adapters + all_findings - findings
    assert sections + entries(text) == shown
    assert text.count("<details>") == text.count("</details>")
    assert_inert(text, {d.url for adapter in report.adapters for d in adapter.diagnostics})


@pytest.mark.parametrize(
    "report",
    [
        report_of(*[finding("bad")] * 2000),
        report_of(*[finding("\U0001f980 " * 2000, "\U0001f980" * 500)] * 40),
        report_of(*[finding("` " * 2000, "`" * 5000)] * 400),
        Report("1", VALID.adapters * 1000),
        Report("1", (*INVALID.adapters, *UNDETERMINED.adapters) * 300),
        Report("1", (*report_of(*[finding("bad")] * 12).adapters, *VALID.adapters) * 90),
    ],
)
def test_a_report_fits_into_a_comment_and_counts_what_is_left_out(report: Report) -> None:
    assert_fits(report, markdown.LIMIT)
    assert any(_left_out(render(report, "markdown")))
    assert markdown.LIMIT < 65_536


@settings(deadline=None)
@given(reports, st.integers(0, 3), st.integers(500, 5000))
def test_a_report_fits_for_any_limit(report: Report, more: int, limit: int) -> None:
    repeated = report._replace(adapters=report.adapters * (1 + 4 * more))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "LIMIT", limit)
        patch.setattr(markdown, "SHOWN", more)
        assert_fits(repeated, limit)
