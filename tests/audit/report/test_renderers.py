"""The same tables in each format; what files contain stays text in all of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from markdown_it import MarkdownIt

from loracfg.audit.report.audit_documents import Wanted, own_answer, report_on
from loracfg.audit.report.cell_text import cell_text, plain
from loracfg.audit.report.question import AuditDocument, AuditTable, Kind, TableColumn
from loracfg.audit.report.report_page import render_page
from loracfg.audit.report.tables_json import render_json
from loracfg.audit.report.tables_markdown import render_markdown
from loracfg.audit.report.tables_text import render_text
from tests.audit.report.fleets import HOSTILE, write_fleet
from tests.audit.report.rows import NEWEST, PREVIOUS

SHOWN: Final = HOSTILE.replace("\x1b", "\\x1b")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> AuditDocument:
    return report_on(write_fleet(tmp_path_factory.mktemp("fleet")), Wanted())


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> AuditDocument:
    folder = write_fleet(tmp_path_factory.mktemp("fleet"))
    sql = "SELECT 1.5 AS n, source, codes, ranks, read_at, 'nan'::DOUBLE AS x FROM results"
    return own_answer(folder, sql, 100, 60)


def test_text(document: AuditDocument) -> None:
    text = render_text(document)
    assert all(char.isprintable() or char == "\n" for char in text)
    for table in document.tables:
        assert f"\n\n{table.title}\n" in text
    lines = [line.split() for line in text.splitlines()]
    assert ["org/base", "11", "6", "1", "4", "0", "LC503"] in lines
    assert ["(none)", "2", "0", "0", "0", "2"] in lines
    assert [f">={NEWEST}", "8", "0"] in lines
    assert [f"=={PREVIOUS}", "7", "1"] in lines
    assert "(none)" in text
    assert "\x1b[1m" in render_text(document, color=True)


def test_long_cells_are_cut_in_text(own: AuditDocument) -> None:
    assert max(map(len, render_text(own).splitlines())) < 300
    assert "..." in render_text(own)


@pytest.mark.parametrize("command", ["##[add-mask]x", "##vso[task.x]y", "##teamcity[z]"])
def test_json_has_no_commands_in_logs(command: str) -> None:
    table = AuditTable("t", command, (TableColumn(command, "C", "name"),), ((command,),), 1, "")
    text = render_json(AuditDocument(command, (command,), (table,)))
    assert command[:5] not in text
    assert json.loads(text)["tables"]["t"]["rows"] == [{command: command}]
    assert json.loads(text)["title"] == command


def test_json(document: AuditDocument, own: AuditDocument) -> None:
    data = json.loads(render_json(document))
    assert data["audit_report_version"] == 1
    assert list(data["tables"]) == [table.name for table in document.tables]
    assert data["tables"]["statuses"]["rows"][0]["status"] == "invalid"
    assert data["tables"]["broken"]["rows"][0] == {
        "source": "hf://a/breaks",
        "before": "valid",
        "because": ["content"],
        "code": "LC503",
        "message": "`r` is `8`, but 4 layers have rank `4`.",
    }
    (table,) = json.loads(render_json(own), parse_constant=pytest.fail)["tables"].values()
    assert table["rows"][0]["ranks"] == [16]
    assert table["rows"][0]["x"] == "nan"
    assert HOSTILE in [row["source"] for row in table["rows"]]


def test_markdown_shows_what_files_contain_as_text(
    document: AuditDocument, own: AuditDocument
) -> None:
    for one in (document, own):
        tokens = MarkdownIt("commonmark").enable("table").parse(render_markdown(one))
        inline = [child for token in tokens for child in token.children or ()]
        assert {child.type for child in inline} <= {"text", "code_inline"}
        assert {token.type for token in tokens} & {"html_block", "fence"} == set()
        assert SHOWN in [child.content for child in inline if child.type == "code_inline"]
        rows: dict[int, int] = {}
        for token in tokens:
            if token.type == "tr_open":
                rows[len(rows)] = 0
            elif token.type in ("td_open", "th_open"):
                rows[len(rows) - 1] += 1
        expected = [
            len(table.columns) for table in one.tables for _ in (0, *table.rows) if table.rows
        ]
        assert list(rows.values()) == expected


def test_tables_without_rows_and_with_more(document: AuditDocument) -> None:
    table = next(one for one in document.tables if one.rows)
    none = document._replace(tables=(table._replace(rows=(), nothing="No row."),))
    assert render_markdown(none).endswith(f"### {table.title}\n\nNo row.\n")
    assert "<p>No row.</p>" in render_page(none)
    shown = len(table.rows)
    more = document._replace(tables=(table._replace(total=shown + 1234),))
    for text in (render_markdown(more), render_page(more), render_text(more)):
        assert "1,234 more" in text


class Page(HTMLParser):
    """The elements and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_page(document: AuditDocument, own: AuditDocument) -> None:
    for one in (document, own):
        page = Page(render_page(one))
        names = [name for name, _ in page.elements]
        assert {"script", "img", "link", "b"} & set(names) == set()
        assert SHOWN in page.texts
        given = [attributes for _, attributes in page.elements]
        assert not any("style" in some or "src" in some for some in given)
        assert all((some.get("href") or "#").startswith("#") for some in given)
        assert names.count("table") == sum(bool(table.rows) for table in one.tables)
        assert names.count("caption") == names.count("table")
        ids = [some["id"] for some in given if "id" in some]
        assert ids == [table.name for table in one.tables]
    drawn = [some for name, some in Page(render_page(document)).elements if name == "svg"]
    assert len(drawn) == sum(bool(table.bars and table.rows) for table in document.tables) > 4
    assert all(some["role"] == "img" and some["aria-label"] for some in drawn)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "name", ""),
        (1234567, "number", "1,234,567"),
        (0.123, "share", "12.3%"),
        (1536, "bytes", "1.5 KiB"),
        (-1, "bytes", "-1"),
        ("error", "status", "unreadable"),
        (["a", "b"], "names", "a, b"),
        ([PREVIOUS, NEWEST, "9.0"], "releases", f">={PREVIOUS}, 9.0"),
        ([], "releases", "none"),
        ([], "names", ""),
        ([{"a": 1}], "value", '[{"a": 1}]'),
        (True, "value", "True"),
        (Decimal("1.50"), "value", "1.50"),
        (datetime(2026, 1, 1, tzinfo=UTC), "value", "2026-01-01T00:00:00+00:00"),
        (b"\x01\xff", "value", "01ff"),
    ],
)
def test_cells(value: object, kind: Kind, text: str) -> None:
    assert cell_text(value, kind) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: b"x"}, [(1, 2)], Decimal("1")])
def test_all_values_can_be_json(value: Any) -> None:
    json.loads(json.dumps(plain(value)), parse_constant=pytest.fail)


def test_secrets_of_urls_are_not_shown(tmp_path: Path) -> None:
    folder = write_fleet(tmp_path)
    sql = "SELECT 'https://user:hidden-word@host/x?token=hidden-word' AS url, 1 AS n"
    found = own_answer(folder, sql, 10, 60)
    for render in (render_text, render_json, render_markdown, render_page):
        assert "hidden-word" not in render(found)
