"""Write what is generated from the code: the pages of rules, the config, the schemas, tables.

python docs/generate.py            writes docs/rules/*.md, docs/config.md, schema/**/*.json and
                                   the tables in docs/configuration.md, docs/service.md,
                                   docs/ci.md, docs/runtimes.md, docs/facts.md and
                                   docs/audit.md,
                                   docs/trainers.md, the formats in action.yml, and
                                   api/page/examples.js
python docs/generate.py --check    writes nothing; exit status 1 if a file is stale
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from command_page import command_page
from config_page import cell, config_page
from engine_samples import samples
from engine_tables import check_rows, engine_rows, matrix_rows, setting_rows
from failure_page import failure_modes_page
from format_tables import action_text, help_rows, markdown_lines, media_type_rows
from library_page import library_page
from name_table import name_rows
from page_examples import examples_module
from pictures import pictures
from rest_page import rest_page
from rule_pages import rule_pages
from schema_tables import report_page
from service_tables import service_setting_rows
from settings_tables import key_rows, policy_rows
from trainer_tables import trainer_rows

from loracfg.audit.result_schema import COLUMNS
from loracfg.base.catalogue.configs.operations import ALL_OPERATIONS
from loracfg.base.catalogue.evaluation.python import FUNCTIONS, METHODS
from loracfg.base.catalogue.printing.notation import OPERATIONS_OF_NAMES
from loracfg.config.building import stub, tabulate, values_protocol
from loracfg.config.building.generate import schema_files, schema_text
from loracfg.config.schema.schema_files import ARCHIVE, is_archived, read_archive
from loracfg.document.packed_texts import pack_texts
from loracfg.repair.registry import REPAIRS
from loracfg.rules.building import tabulate as rules_tabulate
from loracfg.rules.registry import own_rules
from loracfg.runtimes import profile_files as engines
from loracfg.runtimes.building.schema import FILE, facts_schema
from loracfg.serving.vllm.settings import VARIABLES
from loracfg.settings.building.schema import settings_schema
from loracfg.training.building.plan_schema import plan_schema

ROOT: Final = Path(__file__).resolve().parents[1]
ENGINES: Final = f"loracfg/runtimes/{engines.ARCHIVE}"
FACTS_SCHEMA: Final = f"schema/{FILE}"

_EXAMPLE: Final = ROOT / "loracfg/base/catalogue/facts/5/llama.facts"
_OWN: Final = {
    "get": "An item of a dict, or None, or the third operand: dict, key, default.",
    "ordered": "The members of a set in a fixed order.",
    "put_default": "Like `put`, if there is no such key.",
    "truth": "`True` or `False`, like Python's `bool`.",
    "updated": "A copy of a dict with the items of a second one; it replaces the first.",
    "without": "A copy of a dict without a key; it replaces the dict.",
}
"""What operations of facts do if the docstrings of their functions do not say it."""


def generated() -> dict[str, str]:
    """Return the text of every generated file by its path."""
    result = rule_pages() | {"docs/config.md": config_page()}
    result["docs/reference/commands.md"] = command_page()
    result["docs/reference/api.md"] = library_page()
    result["docs/reference/rest.md"] = rest_page()
    result["docs/reference/results.md"] = report_page(ROOT / "schema")
    result |= pictures()
    page = (ROOT / "docs/explain/names.md").read_text("utf-8")
    result["docs/explain/names.md"] = _between(page, "names", name_rows())
    result["docs/architectures.md"] = architectures_page()
    result["docs/service.md"] = service_page()
    result["docs/serving.md"] = serving_page()
    result["docs/ci.md"] = ci_page()
    result["docs/configuration.md"] = configuration_page()
    result["action.yml"] = action_text((ROOT / "action.yml").read_text("utf-8"))
    result["docs/runtimes.md"] = runtimes_page()
    result["docs/failure-modes.md"] = failure_modes_page(ROOT / "docs/failure_modes.json")
    result["docs/threads.md"] = threads_page()
    result["docs/facts.md"] = facts_page()
    result["docs/repair.md"] = repair_page()
    result["docs/trainers.md"] = trainers_page()
    result["docs/audit.md"] = audit_page()
    result["api/page/examples.js"] = examples_module()
    result[tabulate.PATH] = tabulate.table_text()
    result[rules_tabulate.PATH] = rules_tabulate.table_text()
    result[stub.PATH] = stub.stub_text()
    result[values_protocol.PATH] = values_protocol.protocol_text()
    result[FACTS_SCHEMA] = schema_text(facts_schema())
    schemas = schema_files(settings_schema(), plan_schema())
    return result | {f"schema/{name}": text for name, text in schemas.items()}


def threads_page() -> str:
    """Return the table of threads that were turned into adapters, with the findings for each."""
    threads: list[dict[str, Any]] = json.loads((ROOT / "docs/threads.json").read_text("utf-8"))
    parts = [
        "# Threads",
        f"{len(threads)} public threads about adapters that were rejected, misread or silently "
        "wrong. None of them was used when the rules were written. For each, the adapter was "
        "rebuilt, with PEFT or with the names that its tool writes, and validated before any rule "
        "was changed:",
        "\n".join(_tally_rows(threads)),
        "*Found* means the right cause, at the right place, with help that fixes it. *Partly* "
        "means a finding with the wrong cause or help. *Missed* means no finding. To validate "
        "them again, and to see what PEFT does with them:",
        "```sh\npython -m pytest tests/threads\n```",
        "\n".join(_thread_rows(threads)),
    ]
    return "\n\n".join(parts) + "\n"


def _tally_rows(threads: list[dict[str, Any]]) -> Iterator[str]:
    yield "| | Found | Partly | Missed |"
    yield "|---|---|---|---|"
    for title, status in (("Before", itemgetter("before")), ("Now", _status_now)):
        counts = Counter(map(status, threads))
        yield f"| {title} | {counts['found']} | {counts['partly']} | {counts['missed']} |"


def _status_now(thread: dict[str, Any]) -> str:
    return "found" if thread.get("mended") else str(thread["before"])


def _thread_rows(threads: list[dict[str, Any]]) -> Iterator[str]:
    yield "| Thread | About | What went wrong | Before | Now | What loracfg reports |"
    yield "|---|---|---|---|---|---|"
    for thread in threads:
        name = re.sub("/(issues|pull)/", "#", thread["thread"])
        link = f"[{name}](https://github.com/{thread['thread']})"
        says = re.sub(r"LC\d{3}", r"[\g<0>](rules/\g<0>.md)", thread["says"])
        cells = (thread["about"], thread["cause"], thread["before"], _status_now(thread), says)
        yield f"| {link} | {' | '.join(map(cell, cells))} |"


def architectures_page() -> str:
    """Return the table of model types in the catalogue, with the record of their comparison."""
    record: dict[str, Any] = json.loads((ROOT / "docs/architectures.json").read_text("utf-8"))
    parts = [
        "# Architectures",
        "The catalogue has the module trees of these model types, for each class that takes their "
        "config. Each was compared with what the library builds, on random configs:",
        "| Result | Meaning |\n|---|---|\n"
        "| equal | the same in every name, kind, shape, bias and tie |\n"
        "| declined | the catalogue gives no answer ([why](declined.md)); the tree is read from "
        "the checkpoint, or built if transformers is installed |\n"
        "| refused | both refuse the config |\n"
        "| answered | only the catalogue accepts the config |\n"
        "| wrong | they differ |",
        "Types without a class are configs inside others. diffusers has no model types, so its "
        "classes are listed.",
    ]
    for layout in record["layouts"]:
        rows = layout["types"]
        total = {name: sum(row.get(name, 0) for row in rows) for name in _COUNTS}
        parts += [
            f"## {_library(layout)}",
            f"{len(rows)} model types, {total['classes']} classes: {total['equal']} comparisons "
            f"equal, {total['declined']} declined, {total['refused']} refused, "
            f"{total['answered']} answered, {total['wrong']} wrong. `{layout['command']}`",
            "\n".join(_architecture_rows(rows)),
        ]
    return "\n\n".join(parts) + "\n"


def _library(layout: dict[str, Any]) -> str:
    name = next(name for name in ("transformers", "diffusers") if name in layout)
    return f"{name} {layout[name]}"


_COUNTS: Final = ("classes", "equal", "declined", "refused", "answered", "wrong")


def _architecture_rows(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| Model type | Classes | Equal | Declined | Refused | Answered | Wrong |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        yield f"| `{row['type']}` | " + " | ".join(str(row.get(n, 0)) for n in _COUNTS) + " |"


def facts_page() -> str:
    """Return the page on facts with its example and operations regenerated."""
    page = (ROOT / "docs/facts.md").read_text("utf-8")
    if _EXAMPLE.is_file():
        text = _EXAMPLE.read_text("utf-8")
        page = _between(page, "example", ["```text", *text.splitlines(), "```"])
    functions = sorted({*FUNCTIONS, *METHODS} - _OWN.keys())
    names = f"Functions and methods are Python's: `{'`, `'.join(functions)}`."
    page = _between(page, "functions", textwrap.wrap(names, 120))
    return _between(page, "operations", _operation_rows())


def _between(page: str, mark: str, lines: Iterable[str]) -> str:
    """Return a page with the lines between two marks replaced."""
    before, rest = page.split(f"<!-- {mark} -->\n")
    _, after = rest.split(f"<!-- end of {mark} -->\n")
    text = "".join(f"{one}\n" for one in lines)
    return f"{before}<!-- {mark} -->\n{text}<!-- end of {mark} -->\n{after}"


def _operation_rows() -> Iterator[str]:
    yield "| Operation | Value |"
    yield "|---|---|"
    texts = {
        name: inspect.cleandoc(ALL_OPERATIONS[op].__doc__ or "").partition("\n")[0]
        for name, op in OPERATIONS_OF_NAMES.items()
        if op in ALL_OPERATIONS
    }
    for name, text in sorted((texts | _OWN).items()):
        yield f"| `{name}` | {cell(text)} |"


def ci_page() -> str:
    """Return the page on CI with its table of formats and a report in Markdown."""
    page = (ROOT / "docs/ci.md").read_text("utf-8")
    page = _between(page, "comment", markdown_lines(ROOT / "docs/examples"))
    return _between(page, "formats", help_rows())


def configuration_page() -> str:
    """Return the page on the configuration with its tables of keys."""
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    return _between(_between(page, "keys", key_rows()), "policy", policy_rows())


def audit_page() -> str:
    """Return the page on audits with the table of the columns of results."""
    rows = (f"| `{one.name}` | {one.type} | {cell(one.help)} |" for one in COLUMNS)
    lines = ["| Column | Type | Content |", "|---|---|---|", *rows]
    return _between((ROOT / "docs/audit.md").read_text("utf-8"), "columns", lines)


def service_page() -> str:
    """Return the page on the service with its tables: formats and settings."""
    page = (ROOT / "docs/service.md").read_text("utf-8")
    page = _between(page, "formats", media_type_rows())
    return _between(page, "settings", service_setting_rows())


def serving_page() -> str:
    """Return the page on the gate inside an engine with the table of its variables."""
    page = (ROOT / "docs/serving.md").read_text("utf-8")
    return _between(page, "variables", _variable_rows())


def _variable_rows() -> Iterator[str]:
    yield "| Variable | Default | Meaning |"
    yield "|---|---|---|"
    for one in VARIABLES:
        yield f"| `{one.full_name}` | {cell(one.default)} | {cell(one.help)} |"


def runtimes_page() -> str:
    """Return the page on engines with its tables, and with what its commands print."""
    page = (ROOT / "docs/runtimes.md").read_text("utf-8")
    for mark, lines in samples(ROOT / "docs/examples"):
        page = _between(page, mark, lines)
    page = _between(_between(page, "engines", engine_rows()), "checks", check_rows())
    page = _between(page, "matrix", matrix_rows(ROOT / "tests/runtimes/matrix/cells"))
    return _between(page, "limits", setting_rows())


def repair_page() -> str:
    """Return the page on repairs as it is, with the table of repairs made anew."""
    return _between((ROOT / "docs/repair.md").read_text("utf-8"), "repairs", _repair_rows())


def _repair_rows() -> Iterator[str]:
    """Yield the table of repairs by rule."""
    yield "| Rule | Finding | Repair |"
    yield "|---|---|---|"
    for rule in own_rules():
        if rule.code in REPAIRS:
            text = inspect.cleandoc(REPAIRS[rule.code].__doc__ or "").partition("\n")[0]
            what = re.sub(r" \(LC\d+(, LC\d+)*\)", "", text)
            yield f"| [{rule.code}](rules/{rule.code}.md) | {rule.name} | {cell(what)} |"


def trainers_page() -> str:
    """Return the page on trainers' files with the table of their options."""
    return _between((ROOT / "docs/trainers.md").read_text("utf-8"), "trainers", trainer_rows())


def stale(wanted: dict[str, str]) -> list[str]:
    """Return the paths of files that are missing, differ, or are no longer generated."""
    found = [*(ROOT / "docs" / "rules").glob("*.md"), *(ROOT / "schema").rglob("*.json")]
    left = {path.relative_to(ROOT).as_posix() for path in found} - wanted.keys()
    return sorted({*different(wanted), *left})


def different(wanted: dict[str, str]) -> list[str]:
    """Return the paths of files that are missing or differ."""
    return [
        name
        for name, text in wanted.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_bytes() != text.encode()
    ]


def archived(wanted: dict[str, str]) -> dict[str, str]:
    """Return the schemas that are installed, by the name of the file."""
    paths = {Path(name): text for name, text in wanted.items()}
    named = {path.name: text for path, text in paths.items() if path.parent.name == "schema"}
    return {name: text for name, text in named.items() if is_archived(name)}


def is_archive_stale(wanted: dict[str, str]) -> bool:
    """Whether the archive of schemas is missing or differs."""
    return not (ROOT / "schema" / ARCHIVE).is_file() or read_archive() != archived(wanted)


def are_engines_stale() -> bool:
    """Whether the archive of engines' facts is missing or differs."""
    return not (ROOT / ENGINES).is_file() or engines.read_archive() != engines.texts()


def main(arguments: list[str]) -> int:
    """Write the files, or check them; return the exit status."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{inspect.cleandoc(__doc__ or '')}\n")
        return 2
    if not arguments and (tables := _write_tables()):
        sys.stdout.writelines(f"wrote {name}\n" for name in tables)
        sys.stdout.flush()
        # What makes the other files has read the old tables.
        return subprocess.call([sys.executable, __file__])  # noqa: S603 - this file
    wanted = generated()
    packed = {
        f"schema/{ARCHIVE}": (is_archive_stale(wanted), archived(wanted)),
        ENGINES: (are_engines_stale(), engines.texts()),
    }
    changed = [*stale(wanted), *(name for name, (is_stale, _) in packed.items() if is_stale)]
    if arguments:
        sys.stdout.writelines(f"{name} is stale: run docs/generate.py\n" for name in changed)
        return 1 if changed else 0
    for name in changed:
        path = ROOT / name
        if name not in wanted and name not in packed:
            path.unlink()
            sys.stdout.write(f"removed {name}\n")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pack_texts(packed[name][1]) if name in packed else wanted[name].encode())
        sys.stdout.write(f"wrote {name}\n")
    return 0


def _write_tables() -> list[str]:
    """Write the stale tables that loracfg itself reads, and return their paths."""
    texts = {one.PATH: one.table_text() for one in (tabulate, rules_tabulate)}
    found = different(texts)
    for name in found:
        (ROOT / name).write_text(texts[name], "utf-8")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
