"""Which adapters would load in a release of PEFT or in an inference engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.audit.report.database import Database
from loracfg.audit.report.question import AuditTable, Bars, Question, TableColumn, answer
from loracfg.config.history.releases import loading_release
from loracfg.errors import LoracfgError
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.versions import is_of

_BY_RELEASE: Final = """
    SELECT source, base, loads_in, CASE
        WHEN list_contains(loads_in, $release) THEN 'loads'
        WHEN len(loads_in) > 0 THEN 'fails'
        WHEN status = 'error' THEN 'unreadable'
        WHEN status = 'invalid' THEN 'broken'
        WHEN loads_in IS NOT NULL THEN 'fails'
        ELSE 'unknown' END AS answer
    FROM results"""

_BY_ENGINE: Final = """
    SELECT source, base, CASE
        WHEN status = 'error' THEN 'unreadable'
        WHEN status = 'invalid' AND coalesce(len(loads_in), 0) = 0 THEN 'broken'
        ELSE coalesce(list_filter(answers, lambda one:
            one.runtime = $runtime AND one.version = $version
        )[1].answer, 'unknown') END AS answer
    FROM results"""
"""An adapter that some release loads is only invalid in a newer one, or by a project's policy."""

_SHARES: Final = """
    SELECT answer, count(*) AS adapters, count(*) / sum(count(*)) OVER () AS share
    FROM ({asked}) GROUP BY answer"""
_SHARES_ORDER: Final = (
    "list_position(['loads', 'unknown', 'differs', 'fails', 'raises', 'broken', 'unreadable'], "
    "answer)"
)
_SHARES_COLUMNS: Final = (
    TableColumn("answer", "Answer", "word"),
    TableColumn("adapters", "Adapters", "number"),
    TableColumn("share", "Share", "share"),
)
_BROKEN: Final = "`broken` adapters are invalid whatever loads them."

_LISTED: Final = """
    SELECT * FROM ({asked}) WHERE list_contains(['fails', 'differs', 'raises'], answer)"""
"""`IN` would evaluate `answer` for each word."""
_LISTED_COLUMNS: Final = (
    TableColumn("source", "Adapter", "name"),
    TableColumn("base", "Base", "name"),
)


def loading_in_release(database: Database, text: str, limit: int) -> tuple[AuditTable, ...]:
    """Return how many adapters a release of PEFT loads, and those that it does not.

    Raises:
        LoracfgError: there is no such release, or the results cannot be read.
    """
    release = loading_release(text)
    shares = _shares(f"peft_{release}", f"In PEFT {release}", _BY_RELEASE)
    listed = Question(
        name=f"fails_in_peft_{release}",
        title=f"Fail in PEFT {release}, or compute something else",
        sql=_LISTED.format(asked=_BY_RELEASE),
        order="source",
        columns=(*_LISTED_COLUMNS, TableColumn("loads_in", "Loads in PEFT", "releases")),
        is_list=True,
    )
    parameters = {"release": release}
    return tuple(answer(database, one, limit, parameters) for one in (shares, listed))


def loading_in_engine(database: Database, text: str, limit: int) -> tuple[AuditTable, ...]:
    """Return how many adapters an inference engine loads, and those that it does not.

    Args:
        database: the results.
        text: the engine, such as `vllm` or `vllm==0.33`.
        limit: the most rows of a table.

    Raises:
        LoracfgError: there is no such engine, or the results have no answers of it.
    """
    tables = []
    for runtime, version in _engines(database, text):
        shown = f"{runtime} {version}"
        name = f"{runtime}_{version}"
        shares = _shares(name, f"In {shown}", _BY_ENGINE)
        listed = Question(
            name=f"fails_in_{name}",
            title=f"Rejected by {shown}, or computed differently",
            sql=_LISTED.format(asked=_BY_ENGINE),
            order="source",
            columns=(*_LISTED_COLUMNS, TableColumn("answer", "Answer", "word")),
            is_list=True,
        )
        parameters = {"runtime": runtime, "version": version}
        tables += [answer(database, one, limit, parameters) for one in (shares, listed)]
    return tuple(tables)


def _shares(name: str, title: str, asked: str) -> Question:
    return Question(
        name=name,
        title=title,
        sql=_SHARES.format(asked=asked),
        order=_SHARES_ORDER,
        columns=_SHARES_COLUMNS,
        note=_BROKEN,
        bars=Bars(("answer",), ("adapters",)),
        is_whole=True,
    )


def _engines(database: Database, text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and version of each engine in the results that a text names.

    Raises:
        LoracfgError: there is none.
    """
    asked = find_runtime(text)
    if asked.given:
        raise LoracfgError(
            f"`{text}` has settings, but the results have one answer for each engine",
            "pass the settings to `loracfg audit --for` and the engine's name here",
        )
    name, has_version = asked.profile.name, "==" in text
    rows = database.ask(_ENGINES_ASKED).rows
    known = [(f"{runtime}", f"{version}") for runtime, version in rows]
    found = [
        (runtime, version)
        for runtime, version in known
        if runtime == name and (not has_version or is_of(version, asked.version))
    ]
    if not found:
        listed = ", ".join(f"`{runtime}=={version}`" for runtime, version in known)
        advice = f"choose from {listed}, or audit" if known else "audit"
        raise LoracfgError(
            f"the results have no answers of `{text}`", f"{advice} again with `--for {text}`"
        )
    yield from found


_ENGINES_ASKED: Final = """
    SELECT DISTINCT runtime, version FROM (
        SELECT unnest(answers, recursive := true) FROM results
    ) ORDER BY ALL"""
