"""What changed between two runs, as queries over the views `previous` and `results`.

Adapters are compared by `source`. Times and ids of runs are not compared, and neither is what one
of the runs did not ask: a release of PEFT or an engine that only one of them knows is neither lost
nor gained.
"""

from __future__ import annotations

from typing import Final

from loracfg.audit.report.database import Database
from loracfg.audit.report.question import (
    ERRORS,
    OWN_ERRORS,
    AuditTable,
    Bars,
    Question,
    TableColumn,
    answer,
    count_in,
)

RESULTS: Final = "results"
PREVIOUS: Final = "previous"
"""The views of the two runs."""
BROKEN: Final = "broken"
UNREADABLE: Final = "unreadable"

_TITLES: Final = {
    BROKEN: "Newly broken",
    UNREADABLE: "Newly unreadable",
    "repaired": "Repaired",
    "changed": "Changed",
    "appeared": "Appeared",
    "disappeared": "Disappeared",
}
"""How an adapter can differ between two runs; each that differs has one of these kinds."""

_CONTENT: Final = "hash(config_digest, header_digest, weights_etag)"
_BASE: Final = """if(base_digest IS NULL,
        hash(base, base_revision, base_class), hash(base_digest))"""
"""A base that was found is the same if its content is, whatever it is called."""

_PLAIN: Final = "CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {view}"
_NUMBERED: Final = """
CREATE OR REPLACE TEMP VIEW {name} AS
SELECT * EXCLUDE number REPLACE (if(number > 1, source || ' (' || number || ')', source) AS source)
FROM (SELECT *, row_number() OVER (
    PARTITION BY source ORDER BY listed_as, config_digest, header_digest, weights_etag
) AS number FROM {view})"""
"""The rows of a run, in which those with the same name get numbers. No audit writes such rows, but
joins would multiply them."""
_REPEATED: Final = """
SELECT count(*) > 0 FROM (
    SELECT source FROM rows_before GROUP BY source HAVING count(*) > 1
    UNION ALL SELECT source FROM rows_after GROUP BY source HAVING count(*) > 1
)"""

_CANDIDATES: Final = """
CREATE TEMP TABLE candidates AS
SELECT coalesce(after.source, before.source) AS source
FROM (SELECT source, {row} AS row FROM old) AS before
FULL JOIN (SELECT source, {row} AS row FROM new) AS after USING (source)
WHERE before.row IS DISTINCT FROM after.row"""
"""The adapters that may have changed, since what `{row}` says of them has."""

_STATE: Final = """CASE
        WHEN status = 'error' THEN 'unreadable'
        WHEN status = 'invalid' OR errors > 0 THEN 'broken'
        ELSE 'sound' END"""
"""What decides the kind of a change. An engine or release that was asked for may reject what is
valid in itself."""
_STATUS: Final = f"hash(status, {_STATE})"
_JUDGEMENT: Final = f"hash(status, judge, judged_at, {_CONTENT}, {_BASE})"
"""Rows in which this is the same have one judgement, which was reused."""

_ROWS: Final = f"""
CREATE TEMP TABLE {{name}} AS
SELECT source, status, {_STATE} AS state, judge, options, revision,
    {_CONTENT} AS content, {_BASE} AS base,
    list_transform(codes, lambda item: item.code) AS codes,
    list_transform(not_checked, lambda item: item.what) AS gaps,
    CASE WHEN state <> 'sound' THEN
        coalesce({OWN_ERRORS}[1], {ERRORS}[1], codes[1])
    END AS error,
    reason, {{releases}} AS releases, {{engines}} AS engines
FROM {{view}} SEMI JOIN candidates USING (source)"""
_KEYS: Final = {"releases": "hash(loads_in)", "engines": "hash(answers)"}

_NO_LONGER: Final = "list_filter({one}, lambda item: NOT list_contains({other}, item))"
_KNOWN_NO_LONGER: Final = """list_filter({one}, lambda item:
        NOT list_contains({other}, item) AND list_contains(known, item))"""
_LOADING: Final = """list_distinct(list_transform(list_filter({one}, lambda item:
        item.answer = 'loads'), lambda item: item.runtime))"""
_NO_LONGER_LOADING: Final = f"""list_filter({_LOADING}, lambda item:
        list_contains(list_transform({{other}}, lambda item: item.runtime), item)
        AND NOT list_contains({_LOADING.format(one="{other}")}, item))"""


_LISTS: Final = {"releases": "loads_in", "engines": "answers"}
"""The columns of which many rows have the same lists, so that each two lists are compared once."""
_LOST: Final = {"releases": _KNOWN_NO_LONGER, "engines": _NO_LONGER_LOADING}
"""What the list `{one}` has and the list `{other}` does not."""

_EMPTY: Final = (
    "CREATE TEMP TABLE {name}_changed (source VARCHAR, lost VARCHAR[], gained VARCHAR[])"
)
_COMPARE: Final = """
INSERT INTO {name}_changed
WITH keys AS MATERIALIZED (
    SELECT source, before.{name} AS key_before, after.{name} AS key_after
    FROM rows_before AS before JOIN rows_after AS after USING (source)
    WHERE before.{name} <> after.{name}
), lists_before AS MATERIALIZED (
    SELECT key_before, {column} AS list_before FROM old
    JOIN (SELECT key_before, min(source) AS source FROM keys GROUP BY key_before) USING (source)
), lists_after AS MATERIALIZED (
    SELECT key_after, {column} AS list_after FROM new
    JOIN (SELECT key_after, min(source) AS source FROM keys GROUP BY key_after) USING (source)
), compared AS (
    SELECT key_before, key_after, {lost} AS lost, {gained} AS gained
    FROM common, (SELECT DISTINCT key_before, key_after FROM keys)
    JOIN lists_before USING (key_before) JOIN lists_after USING (key_after)
)
SELECT source, lost, gained FROM keys JOIN compared USING (key_before, key_after)
WHERE len(lost) + len(gained) > 0"""

_CHANGES: Final = f"""
CREATE TEMP TABLE changes AS
SELECT *,
    CASE
        WHEN before IS NULL THEN 'appeared'
        WHEN after IS NULL THEN 'disappeared'
        WHEN now = 'broken' AND was = 'sound' THEN 'broken'
        WHEN now = 'unreadable' AND was <> 'unreadable' THEN 'unreadable'
        WHEN now = 'sound' AND was = 'unreadable' THEN 'repaired'
        WHEN now = 'sound' AND was = 'broken' AND len(new_gaps) = 0 THEN 'repaired'
        ELSE 'changed'
    END AS kind,
    list_filter([
        if(before <> after, 'status', NULL),
        if(content, 'content', NULL),
        if(base, 'base', NULL),
        if(len(new_codes) + len(old_codes) > 0, 'codes', NULL),
        if(len(new_gaps) + len(old_gaps) > 0, 'not checked', NULL),
        if(releases, 'releases', NULL),
        if(engines, 'engines', NULL)
    ], lambda item: item IS NOT NULL) AS what,
    list_filter([
        if(content OR (is_read_again AND NOT (base OR options OR judge)), 'content', NULL),
        if(base, 'base', NULL), if(options, 'options', NULL), if(judge, 'loracfg', NULL)
    ], lambda item: item IS NOT NULL) AS because
FROM (
    SELECT source, before.status AS before, after.status AS after,
        before.state AS was, after.state AS now,
        after.content IS DISTINCT FROM before.content AS content,
        after.base IS DISTINCT FROM before.base AS base,
        after.judge IS DISTINCT FROM before.judge AS judge,
        after.options <> before.options AS options,
        after.revision IS DISTINCT FROM before.revision AS is_read_again,
        {_NO_LONGER.format(one="after.codes", other="before.codes")} AS new_codes,
        {_NO_LONGER.format(one="before.codes", other="after.codes")} AS old_codes,
        {_NO_LONGER.format(one="after.gaps", other="before.gaps")} AS new_gaps,
        {_NO_LONGER.format(one="before.gaps", other="after.gaps")} AS old_gaps,
        releases_changed.source IS NOT NULL AS releases,
        engines_changed.source IS NOT NULL AS engines,
        releases_changed.lost AS lost_releases, engines_changed.lost AS lost_engines,
        after.error.code AS code, coalesce(after.reason, after.error.message) AS message
    FROM candidates
    LEFT JOIN rows_before AS before USING (source) LEFT JOIN rows_after AS after USING (source)
    LEFT JOIN releases_changed USING (source) LEFT JOIN engines_changed USING (source)
) WHERE before IS NULL OR after IS NULL OR len(what) > 0"""

_KNOWN: Final = """
    SELECT coalesce(max(position), 0)
    FROM (SELECT DISTINCT loads_in[-1] AS release FROM {view}) JOIN releases USING (release)"""
"""The position of the newest release that a run knew."""
_COMMON: Final = """
    CREATE TEMP TABLE common AS
    SELECT list(release) AS known FROM releases WHERE position <= $position"""

_COUNTS: Final = Question(
    name="changes",
    title="Changes",
    sql=f"""
        SELECT kind, count(change.kind) AS adapters
        FROM (SELECT unnest({list(_TITLES)}) AS kind) AS named
        LEFT JOIN (SELECT kind FROM changes) AS change USING (kind) GROUP BY kind""",
    order=f"list_position({list(_TITLES)}, kind)",
    columns=(
        TableColumn("kind", "Change", "word"),
        TableColumn("adapters", "Adapters", "number"),
    ),
    bars=Bars(("kind",), ("adapters",)),
    is_whole=True,
)

_BROKEN_BY_CODE: Final = Question(
    name="broken_by_code",
    title="Newly broken, by code",
    sql="""
        SELECT code, any_value(name) AS name, count(*) AS adapters,
            count_if(list_contains(because, 'content')) AS content,
            count_if(list_contains(because, 'base')) AS base,
            count_if(list_contains(because, 'options')) AS options,
            count_if(list_contains(because, 'loracfg')) AS judge,
            min(source) AS example
        FROM (SELECT source, because, unnest(new_codes) AS code FROM changes WHERE kind = 'broken')
        LEFT JOIN rules USING (code) GROUP BY code""",
    order="adapters DESC, code",
    columns=(
        TableColumn("code", "New code", "code"),
        TableColumn("name", "Name", "name"),
        TableColumn("adapters", "Adapters", "number"),
        TableColumn("content", "Adapter changed", "number"),
        TableColumn("base", "Base changed", "number"),
        TableColumn("options", "Options changed", "number"),
        TableColumn("judge", "loracfg changed", "number"),
        TableColumn("example", "For example", "name"),
    ),
    note="One adapter can have several new codes, and more than one thing can have changed.",
)

_SOURCE: Final = TableColumn("source", "Adapter", "name")
_BEFORE: Final = TableColumn("before", "Before", "status")
_AFTER: Final = TableColumn("after", "Now", "status")
_BECAUSE: Final = TableColumn("because", "What changed", "words")
_OF_KIND: Final = {
    BROKEN: (
        _SOURCE,
        _BEFORE,
        _BECAUSE,
        TableColumn("code", "Code", "code"),
        TableColumn("message", "Message", "text"),
    ),
    UNREADABLE: (
        _SOURCE,
        _BEFORE,
        TableColumn("message", "Reason", "text"),
    ),
    "repaired": (
        _SOURCE,
        _BEFORE,
        _AFTER,
        _BECAUSE,
        TableColumn("old_codes", "Codes gone", "names"),
    ),
    "changed": (
        _SOURCE,
        _BEFORE,
        _AFTER,
        TableColumn("what", "What changed", "words"),
        TableColumn("new_codes", "New codes", "names"),
        TableColumn("old_codes", "Codes gone", "names"),
        TableColumn("lost_releases", "No longer in PEFT", "releases"),
        TableColumn("lost_engines", "No longer in", "names"),
    ),
    "appeared": (_SOURCE, _AFTER),
    "disappeared": (_SOURCE, _BEFORE),
}


def changes_of_status(database: Database, limit: int) -> tuple[AuditTable, ...]:
    """Return how many adapters have another status, and which are newly broken and why.

    Raises:
        LoracfgError: the results cannot be read.
    """
    _find_changes(database, only_status=True)
    counts = _COUNTS._replace(
        title="Since the run before, by status",
        note="`changed` are other changes of the status. `loracfg audit diff` shows all changes.",
    )
    questions = (counts, _BROKEN_BY_CODE, _listing(BROKEN))
    return tuple(answer(database, question, limit) for question in questions)


def changes_by_kind(database: Database, limit: int) -> tuple[AuditTable, ...]:
    """Return what changed, with a table for each kind of change that there is.

    Raises:
        LoracfgError: the results cannot be read.
    """
    _find_changes(database, only_status=False)
    broken, *others = map(_listing, _TITLES)
    counts = answer(database, _COUNTS, limit)
    tables = (answer(database, one, limit) for one in (broken, _BROKEN_BY_CODE, *others))
    return (counts, *(table for table in tables if table.rows))


def number_of(tables: tuple[AuditTable, ...], kind: str) -> int:
    """Return how many adapters have changed in a way."""
    counts = {
        row[0]: row[1] for table in tables if table.name == _COUNTS.name for row in table.rows
    }
    return count_in(counts.get(kind))


def number_gone(database: Database) -> int:
    """Return how many adapters that could be read before have disappeared.

    Raises:
        LoracfgError: the results cannot be read.
    """
    return count_in(database.ask(_GONE).rows[0][0])


_GONE: Final = "SELECT count(*) FROM changes WHERE kind = 'disappeared' AND before <> 'error'"


def _listing(kind: str) -> Question:
    """Return the question for the adapters that changed in a way."""
    return Question(
        name=kind,
        title=_TITLES[kind],
        sql=f"SELECT * FROM changes WHERE kind = '{kind}'",
        order="source",
        columns=_OF_KIND[kind],
    )


def _find_changes(database: Database, *, only_status: bool) -> None:
    """Compare the runs, and add the table `changes`.

    With `only_status`, only rows whose status changed are compared, without releases and engines.
    """
    _find_rows(database, _PLAIN, only_status=only_status)
    if database.ask(_REPEATED).rows[0][0]:
        _find_rows(database, _NUMBERED, only_status=only_status)
    for name in _LISTS:
        database.ask(_EMPTY.format(name=name))
    if not only_status:
        _compare_lists(database)
    database.ask(_CHANGES)


def _find_rows(database: Database, how: str, *, only_status: bool) -> None:
    """Make the views `old` and `new`, and tables of the rows in them that may have changed."""
    for name in _TEMPORARY:
        database.ask(f"DROP TABLE IF EXISTS {name}")
    for name, view in (("old", PREVIOUS), ("new", RESULTS)):
        database.ask(how.format(name=name, view=view))
    keys = dict.fromkeys(_LISTS, "NULL::UBIGINT") if only_status else _KEYS
    database.ask(_CANDIDATES.format(row=_STATUS if only_status else _JUDGEMENT))
    database.ask(_ROWS.format(name="rows_before", view="old", **keys))
    database.ask(_ROWS.format(name="rows_after", view="new", **keys))


def _compare_lists(database: Database) -> None:
    newest = (database.ask(_KNOWN.format(view=view)).rows[0][0] for view in (PREVIOUS, RESULTS))
    database.ask(_COMMON, {"position": min(map(count_in, newest))})
    for name, column in _LISTS.items():
        lost = _LOST[name].format(one="list_before", other="list_after")
        gained = _LOST[name].format(one="list_after", other="list_before")
        database.ask(_COMPARE.format(name=name, column=column, lost=lost, gained=gained))


_TEMPORARY: Final = (
    "candidates",
    "rows_before",
    "rows_after",
    "common",
    "releases_changed",
    "engines_changed",
    "changes",
)
