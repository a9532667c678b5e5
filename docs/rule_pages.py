"""The page of each rule, with what is found in its examples, and their index.

What a page shows below an example is what the rules say of it today: `generate.py --check` fails
where a message, place, advice, severity or repair has changed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Final

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.report.render.style import painter
from loracfg.report.render.text import findings
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule
from loracfg.testing.building import examples
from loracfg.testing.building.judging import judged

FAMILIES: Final = {
    "LC0": "Reading",
    "LC1": "Structure of the config",
    "LC2": "Releases of PEFT",
    "LC3": "Meaning across fields",
    "LC4": "Weight file",
    "LC5": "Tensors against the config",
    "LC6": "Tensors against the base",
    "LC7": "Safety and hygiene",
    "LC8": "Runtimes",
    "LC9": "loracfg itself",
}
_PARAGRAPHS: Final = re.compile(r"\n\n(?! )")
_PAGE_LINK: Final = "[{0}]({0}.md)"


def rule_pages() -> dict[str, str]:
    """Return the text of every page by its path."""
    pages = {f"docs/rules/{rule.code}.md": page_of(rule) for rule in all_rules()}
    return pages | {"docs/rules/index.md": _index()}


def page_of(rule: Rule) -> str:
    """Return the page of a rule: its docstring, with the examples fenced and judged."""
    summary, _, rest = rule.page.partition("\n")
    parts = [f"# {rule.code} {rule.name}", f"*{rule.severity}*: {summary}"]
    for paragraph in _PARAGRAPHS.split(rest.strip()):
        parts.append(_fenced(paragraph))
        parts += (_answer(rule, one) for one in examples.examples(paragraph))
    parts.append("[How to read the examples](index.md#examples) · [All rules](index.md)")
    return "\n\n".join(part for part in parts if part) + "\n"


def _fenced(text: str) -> str:
    return re.sub(
        r"(?m)(?:^    .*\n)+",
        lambda block: "```text\n" + re.sub(r"(?m)^    ", "", block[0]) + "```\n",
        text + "\n",
    ).rstrip()


def _answer(rule: Rule, example: examples.Example) -> str:
    """Return what is found in an example: by the rule in full, by others their codes."""
    report = judged(*example.lines)
    own = tuple(d for d in report.diagnostics if d.code == rule.code)
    found = findings(report._replace(diagnostics=own), painter(color=False))
    others = sorted({d.code for d in report.diagnostics} - {rule.code})
    parts = ["```text\n" + "\n\n".join(found) + "\n```"] if found else []
    if others:
        parts.append(f"Also found: {', '.join(map(_PAGE_LINK.format, others))}.")
    return "\n\n".join(parts)


def _index() -> str:
    """Return the table of all rules and the language of their examples."""
    parts = [
        "# Rules",
        "An *error* is a file that PEFT " + PEFT_RELEASE + " does not load, or loads to a wrong "
        "result; a *warning* loads, but someone should look; an *info* is worth knowing. Codes are "
        "never reused.",
    ]
    for family, title in FAMILIES.items():
        rules = [rule for rule in all_rules() if rule.code.startswith(family)]
        if rules:
            parts += [f"## {family}xx {title}", "\n".join(_rows(rules))]
    language = inspect.cleandoc(examples.__doc__ or "").partition("\n\n")[2]
    parts += ["## Examples", _fenced(language)]
    return "\n\n".join(parts) + "\n"


def _rows(rules: list[Rule]) -> Iterator[str]:
    yield "| Code | Name | Severity | What is found |"
    yield "|---|---|---|---|"
    for rule in rules:
        summary = rule.page.partition("\n")[0].replace("|", "\\|")
        link = _PAGE_LINK.format(rule.code)
        yield f"| {link} | {rule.name} | {rule.severity} | {summary} |"
