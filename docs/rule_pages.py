"""The page of each rule, with the findings in its examples, and their index.

Below an example, a page shows what the rules report for it today: `generate.py --check` fails if a
message, place, help, severity or repair has changed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Final

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.repair.registry import REPAIRS
from loracfg.report.render.style import painter
from loracfg.report.render.text import findings
from loracfg.rules.registry import own_rules
from loracfg.rules.rule import Rule
from loracfg.testing.building import examples
from loracfg.testing.building.example_words import described
from loracfg.testing.building.judging import judged

FAMILIES: Final = {
    "LC0": "Reading",
    "LC1": "Config structure",
    "LC2": "PEFT releases",
    "LC3": "Meaning of the config",
    "LC4": "Weight file",
    "LC5": "Tensors against the config",
    "LC6": "Tensors against the base",
    "LC7": "Safety and hygiene",
    "LC8": "Runtimes",
    "LC90": "loracfg itself",
    "LC91": "Policy",
    "LC92": "Live models",
}
_PARAGRAPHS: Final = re.compile(r"\n\n(?! )")
_PAGE_LINK: Final = "[{0}]({0}.md)"
_EXAMPLE: Final = re.compile("(Fires|Passes):\n")
_STARTING_POINT: Final = "Each changes [an adapter that fits its base](index.md#examples)."
_REPAIRED: Final = "[`fix`](../repair.md)"


def rule_pages() -> dict[str, str]:
    """Return the text of every page by its path."""
    pages = {f"docs/rules/{rule.code}.md": page_of(rule) for rule in own_rules()}
    return pages | {"docs/rules/index.md": _index()}


def page_of(rule: Rule) -> str:
    """Return the page of a rule: its docstring, with the examples in words and validated."""
    summary, _, rest = rule.page.partition("\n")
    *body, repair = _PARAGRAPHS.split(rest.strip())
    found = list(examples.examples(rule.page))
    prose = [one for one in body if not _EXAMPLE.match(one)]
    parts = [f"# {rule.code} {rule.name}", f"*{_kind(rule)}*: {summary}", *map(_fenced, prose)]
    parts += ["## How to fix it", _sentence(repair.removeprefix("Repair: "))]
    if found:
        parts += ["## Examples", _STARTING_POINT, *(_shown(rule, one) for one in found)]
        parts += [_notation(rule)]
    parts.append("[All rules](index.md)")
    return "\n\n".join(part for part in parts if part) + "\n"


def _sentence(text: str) -> str:
    """Return a text that begins with a capital letter, unless it begins with code."""
    return text[0].upper() + text[1:]


def _shown(rule: Rule, example: examples.Example) -> str:
    """Return an example in words, and what is found in it."""
    title = "Reported" if example.fires else "Not reported"
    answer = _answer(rule, example)
    end = ":" if answer.startswith("```") else "."
    return f"**{title}**: {described(example.lines)}{end}\n\n{answer}".rstrip()


def _notation(rule: Rule) -> str:
    """Return the examples as the tests have them, which a reader can unfold."""
    paragraphs = (one for one in _PARAGRAPHS.split(rule.page) if _EXAMPLE.match(one))
    text = "\n\n".join(inspect.cleandoc(one).replace("\n\n", "\n") for one in paragraphs)
    return (
        f'<details class="examples" data-rule="{rule.code}">\n'
        "<summary>The examples in the notation of the tests</summary>\n\n"
        f"```text\n{text}\n```\n\n</details>\n\n"
        "[What the notation means](index.md#examples)"  # inside, the site shows Markdown as it is
    )


def _kind(rule: Rule) -> str:
    """Return severity and stage of a rule, that of stable ones left out."""
    return rule.severity if rule.stage == "stable" else f"{rule.severity}, {rule.stage}"


def _fenced(text: str) -> str:
    return re.sub(
        r"(?m)(?:^    .*\n)+",
        lambda block: "```text\n" + re.sub(r"(?m)^    ", "", block[0]) + "```\n",
        text + "\n",
    ).rstrip()


def _answer(rule: Rule, example: examples.Example) -> str:
    """Return the findings in an example: those of the rule in full, those of others as codes."""
    report = judged(*example.lines)
    own = tuple(d for d in report.diagnostics if d.code == rule.code)
    found = findings(report._replace(diagnostics=own), painter(color=False))
    others = sorted({d.code for d in report.diagnostics} - {rule.code})
    parts = ["```text\n" + "\n\n".join(found) + "\n```"] if found else []
    if others:
        parts.append(f"Also found: {', '.join(map(_PAGE_LINK.format, others))}.")
    return "\n\n".join(parts)


def _index() -> str:
    """Return the table of all rules, and the language of the examples."""
    parts = [
        "# Rules",
        "| Severity | Meaning |\n|---|---|\n"
        f"| error | PEFT {PEFT_RELEASE} does not load the adapter, or loads it with a wrong "
        "result, or it is not what you ask for (`--peft`, `--for`, a policy) |\n"
        "| warning | the adapter loads, but you should check it |\n"
        "| info | worth knowing |",
        "`loracfg explain CODE` prints the page of a rule. Codes are never reused.",
    ]
    for family, title in FAMILIES.items():
        rules = [rule for rule in own_rules() if rule.code.startswith(family)]
        if rules:
            parts += [f"## {family:x<5} {title}", "\n".join(_rows(rules))]
    language = inspect.cleandoc(examples.__doc__ or "").partition("\n\n")[2]
    parts += ["## Examples", _fenced(language)]
    return "\n\n".join(parts) + "\n"


def _rows(rules: list[Rule]) -> Iterator[str]:
    yield "| Code | Name | Severity | What it finds | Repair |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        summary = rule.page.partition("\n")[0].replace("|", "\\|")
        link = _PAGE_LINK.format(rule.code)
        repair = _REPAIRED if rule.code in REPAIRS else ""
        yield f"| {link} | {rule.name} | {rule.severity} | {summary} | {repair} |"
