"""For a browser: one file with a picture, which uses no network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Final

from loracfg.inspection.contents import Group, Inspection, Share
from loracfg.inspection.markup import NOTHING, Markup, joined, prose, tag, text
from loracfg.inspection.picture import MAX_NAME, picture
from loracfg.inspection.wording import columns_of, facts, headline, judgement, shortened
from loracfg.report.render.words import bytes_words
from loracfg.version import __version__

_MAX_GROUPS: Final = 200


def render(inspection: Inspection) -> str:
    """Return the page as HTML."""
    report = inspection.report
    facts_list = _facts(inspection)
    sections = _sections(inspection)
    return page(report.path, "inspect", headline(inspection), report.status, facts_list, sections)


def page(
    name: str, command: str, head_line: str, status: str, facts_list: Markup, body: Iterable[Markup]
) -> str:
    """Return a page as HTML.

    Args:
        name: what the page is about.
        command: the command that makes it.
        head_line: a line below its title.
        status: the status of the report.
        facts_list: what is known.
        body: its sections.
    """
    style, script = _own("page.css"), _own("page.js")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", text(f"{shortened(name, MAX_NAME)} - loracfg {command}")),
        tag("style", style),
    )
    title = tag("header", tag("h1", text(name)), tag("p", text(head_line)))
    main = tag("main", title, facts_list, *body, class_=status)
    tip = tag("div", id="tip", role="tooltip", hidden="")
    made = tag("footer", text(f"loracfg {__version__}"))
    whole = tag("body", main, tip, made, tag("script", script))
    return f"<!doctype html>\n{tag('html', head, whole, lang='en')}\n"


def _own(name: str) -> Markup:
    """Return a file of this package, which is trusted."""
    return Markup(files("loracfg.inspection").joinpath(name).read_text("utf-8"))


def _policy(style: str, script: str) -> str:
    """Allow the style and the script of the page, and nothing else."""
    one, other = (b64encode(sha256(own.encode()).digest()).decode() for own in (style, script))
    return (
        f"default-src 'none'; style-src 'sha256-{one}'; script-src 'sha256-{other}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _facts(inspection: Inspection) -> Markup:
    lines = [tag("li", prose(line)) for line in facts(inspection)]
    lines.append(tag("li", prose(judgement(inspection.report)), class_="judged"))
    lines += [tag("li", prose(note.message), class_="note") for note in inspection.notes]
    return tag("ul", *lines, class_="facts")


def _sections(inspection: Inspection) -> Iterator[Markup]:
    if inspection.modules:
        yield section("Layers and modules", picture(inspection.modules))
    if inspection.groups:
        yield section("Modules by kind", groups_table(inspection.groups))
    if inspection.roles:
        shares = (*inspection.roles, inspection.total)
        yield section("Tensors", _shares("For", shares), _shares("Dtype", inspection.dtypes))


def section(title: str, *children: Markup) -> Markup:
    """Return a part of a page with its title."""
    return tag("section", tag("h2", text(title)), *children)


def groups_table(groups: Sequence[Group]) -> Markup:
    """Return a table of modules by kind, as many of the first as fit."""
    shown = groups[:_MAX_GROUPS]
    columns = columns_of(shown, MAX_NAME)
    rows = [[cell(group) for _, cell in columns] for group in shown]
    left = len(groups) - len(shown)
    more = tag("p", text(f"and {left:,} more; see `--format json`"), class_="aside")
    table_of_groups = table([head for head, _ in columns], rows)
    return joined((table_of_groups, more if left else NOTHING))


def _shares(head: str, shares: Sequence[Share]) -> Markup:
    rows = [[s.name, f"{s.tensors:,}", f"{s.parameters:,}", bytes_words(s.bytes)] for s in shares]
    return table([head, "Tensors", "Parameters", "Size"], rows)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """Return a table whose first column names the rows."""
    body = [
        tag("tr", tag("th", text(row[0]), scope="row"), *(tag("td", text(c)) for c in row[1:]))
        for row in rows
    ]
    head = tag("tr", *(tag("th", text(one), scope="col") for one in heads))
    whole = tag("table", tag("thead", head), tag("tbody", *body), class_="list")
    return tag("div", whole, class_="scroll", tabindex="0", role="region", aria_label=heads[0])
