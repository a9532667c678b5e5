"""For a browser: one file with tables and plots, which uses no network and no script."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from loracfg.audit.report.bars_svg import plot
from loracfg.audit.report.cell_text import row_texts
from loracfg.audit.report.question import NUMBERS, AuditDocument, AuditTable, TableColumn
from loracfg.audit.report.tables_text import more_rows
from loracfg.inspection.markup import NOTHING, Markup, prose, tag, text
from loracfg.version import __version__


def render_page(document: AuditDocument) -> str:
    """Return the page as HTML."""
    style = _style()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", text(f"{document.title} - loracfg audit")),
        tag("style", style),
    )
    facts = tag("ul", *(tag("li", prose(fact)) for fact in document.facts), class_="facts")
    header = tag("header", tag("h1", text(document.title)), facts, _contents(document))
    main = tag("main", header, *map(_section, document.tables))
    body = tag("body", main, tag("footer", text(f"loracfg {__version__}")))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _style() -> Markup:
    """Return our own style, which is trusted."""
    common = files("loracfg.inspection").joinpath("page.css").read_text("utf-8")
    return Markup(common + files("loracfg.audit.report").joinpath("report.css").read_text("utf-8"))


def _policy(style: str) -> str:
    """Allow the style of the page, and nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _contents(document: AuditDocument) -> Markup:
    if len(document.tables) < 2:
        return NOTHING
    links = (
        tag("li", tag("a", text(table.title), href=f"#{table.name}")) for table in document.tables
    )
    return tag("nav", tag("ul", *links), aria_label="Contents")


def _section(table: AuditTable) -> Markup:
    title = tag("h2", text(table.title))
    if not table.rows:
        return tag("section", title, tag("p", text(table.nothing)), id=table.name)
    more = more_rows(table)
    notes = [tag("p", prose(one), class_="aside") for one in (more, table.note) if one]
    return tag("section", title, plot(table), _table(table), *notes, id=table.name)


def _table(table: AuditTable) -> Markup:
    """Return the rows; the first column names them."""
    head = tag("tr", *(_cell("th", one, one.heading, scope="col") for one in table.columns))
    rows = [
        tag("tr", *map(_body_cell, range(len(row)), table.columns, row_texts(table, row)))
        for row in table.rows
    ]
    drawn = tag(
        "table",
        tag("caption", text(table.title)),
        tag("thead", head),
        tag("tbody", *rows),
        class_="list",
    )
    label = f"{table.title}: table"
    return tag("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=label)


def _body_cell(at: int, column: TableColumn, value: str) -> Markup:
    return _cell("td", column, value) if at else _cell("th", column, value, scope="row")


def _cell(element: str, column: TableColumn, value: str, **attributes: str) -> Markup:
    """Return a cell; numbers are aligned right."""
    if column.kind not in NUMBERS:
        attributes["class_"] = "words"
    shown = prose(value) if column.kind == "text" else text(value)
    return tag(element, shown, **attributes)
