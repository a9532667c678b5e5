"""What people ask about a run: each question with its query over the view `results`.

Lists that many rows share (of releases, gaps) are grouped before they are unnested.
"""

from __future__ import annotations

from typing import Final

from loracfg.audit.report.question import OWN_ERRORS, Bars, Question, TableColumn

_STATUSES: Final = ("valid", "undetermined", "invalid", "unreadable")
"""The statuses as columns. `error` is called unreadable, as in the summary of `validate`."""

_BY_STATUS: Final = """
    count(*) AS adapters,
    count_if(status = 'valid') AS valid,
    count_if(status = 'undetermined') AS undetermined,
    count_if(status = 'invalid') AS invalid,
    count_if(status = 'error') AS unreadable"""

_STATUS_COLUMNS: Final = (
    TableColumn("adapters", "Adapters", "number"),
    *(TableColumn(status, status.capitalize(), "number") for status in _STATUSES),
)

STATUSES: Final = Question(
    name="statuses",
    title="Adapters by status",
    sql="""
        SELECT status, count(*) AS adapters,
            count(*) / sum(count(*)) OVER () AS share, sum(parameters) AS parameters,
            sum(bytes) AS bytes
        FROM results GROUP BY ALL""",
    order="list_position(['invalid', 'error', 'undetermined', 'valid'], status)",
    columns=(
        TableColumn("status", "Status", "status"),
        TableColumn("adapters", "Adapters", "number"),
        TableColumn("share", "Share", "share"),
        TableColumn("parameters", "Parameters", "number"),
        TableColumn("bytes", "Size", "bytes"),
    ),
    bars=Bars(("status",), ("adapters",)),
    nothing="The run has no adapters.",
    is_whole=True,
)

CODES: Final = Question(
    name="codes",
    title="Findings by code",
    sql="""
        SELECT code, any_value(name) AS name, severity, count(*) AS adapters,
            sum(findings) AS findings, min(source) AS example
        FROM (
            SELECT source, unnest(list_transform(codes, lambda one: {
                'code': one.code, 'severity': one.severity, 'findings': one.findings
            }), recursive := true)
            FROM results WHERE len(codes) > 0
        ) LEFT JOIN rules USING (code) GROUP BY code, severity""",
    order="list_position(['error', 'warning', 'info'], severity), adapters DESC, code",
    columns=(
        TableColumn("code", "Code", "code"),
        TableColumn("name", "Name", "name"),
        TableColumn("severity", "Severity", "word"),
        TableColumn("adapters", "Adapters", "number"),
        TableColumn("findings", "Findings", "number"),
        TableColumn("example", "For example", "name"),
    ),
    bars=Bars(("code",), ("adapters",)),
    nothing="No findings.",
)

INVALID: Final = Question(
    name="invalid",
    title="Invalid adapters, and why",
    sql=f"""
        SELECT source, base, error.code AS code, errors, CASE
            WHEN errors > 0 THEN error.message
            WHEN hidden = 1 THEN '1 finding is hidden'
            WHEN hidden > 1 THEN hidden || ' findings are hidden' END AS message
        FROM (
            SELECT source, base, hidden, len(found) AS errors, found[1] AS error
            FROM (
                SELECT source, base, hidden, {OWN_ERRORS} AS found
                FROM results WHERE status = 'invalid'
            )
        )""",
    order="source",
    columns=(
        TableColumn("source", "Adapter", "name"),
        TableColumn("base", "Base", "name"),
        TableColumn("errors", "Errors", "number"),
        TableColumn("code", "First", "code"),
        TableColumn("message", "Message", "text"),
    ),
    is_list=True,
)

UNREADABLE: Final = Question(
    name="unreadable",
    title="Unreadable adapters, and why",
    sql="""
        SELECT coalesce(any_value(code), '') AS code, count(*) AS adapters,
            arg_min(reason, source) AS reason, min(source) AS example
        FROM (
            SELECT source, codes[1].code AS code, coalesce(reason, codes[1].message) AS reason
            FROM results WHERE status = 'error'
        ) GROUP BY regexp_replace(reason, '`[^`]*`', '', 'g')""",
    order="adapters DESC, example",
    columns=(
        TableColumn("adapters", "Adapters", "number"),
        TableColumn("code", "Code", "code"),
        TableColumn("reason", "For example", "text"),
    ),
    note="Reasons that differ only in what they quote are counted together.",
)

NOT_CHECKED: Final = Question(
    name="not_checked",
    title="What could not be checked, and why",
    sql="""
        SELECT what, sum(adapters) AS adapters, arg_max(why, adapters) AS why
        FROM (
            SELECT unnest(not_checked, recursive := true), adapters
            FROM (
                SELECT not_checked, count(*) AS adapters FROM results
                WHERE status = 'undetermined' GROUP BY not_checked
            )
        ) GROUP BY what""",
    order="adapters DESC, what",
    columns=(
        TableColumn("what", "What", "text"),
        TableColumn("adapters", "Undetermined adapters", "number"),
        TableColumn("why", "Most often, because", "text"),
    ),
)

BASES: Final = Question(
    name="bases",
    title="Adapters by base",
    sql=f"""
        SELECT base, {_BY_STATUS},
            mode(CASE WHEN status = 'invalid' THEN {OWN_ERRORS}[1].code END) AS code
        FROM results GROUP BY base""",
    order="invalid DESC, adapters DESC, base",
    columns=(
        TableColumn("base", "Base", "name"),
        *_STATUS_COLUMNS,
        TableColumn("code", "Most frequent error", "code"),
    ),
    bars=Bars(("base",), _STATUSES),
)

TYPES: Final = Question(
    name="model_types",
    title="Adapters by model type",
    sql=f"SELECT base_model_type AS model_type, {_BY_STATUS} FROM results GROUP BY ALL",
    order="adapters DESC, model_type",
    columns=(TableColumn("model_type", "Model type", "name"), *_STATUS_COLUMNS),
    bars=Bars(("model_type",), _STATUSES),
)

RELEASES: Final = Question(
    name="releases",
    title="Adapters that load, by release of PEFT",
    sql="""
        WITH lists AS (
            SELECT loads_in, count(*) AS adapters FROM results
            WHERE len(loads_in) > 0 GROUP BY loads_in
        ), loading AS (
            SELECT release, sum(adapters) AS loads
            FROM (SELECT unnest(loads_in) AS release, adapters FROM lists) GROUP BY release
        )
        SELECT list(release ORDER BY position) AS releases, max(position) AS position, loads,
            (SELECT coalesce(sum(adapters), 0) FROM lists) - loads AS fails
        FROM (
            SELECT release, position, coalesce(loads, 0) AS loads
            FROM releases LEFT JOIN loading USING (release)
        ) GROUP BY loads""",
    order="position DESC",
    columns=(
        TableColumn("releases", "PEFT", "releases"),
        TableColumn("loads", "Load", "number"),
        TableColumn("fails", "Fail or differ", "number"),
    ),
    note="Only adapters that at least one release loads. List them with `--peft VERSION`.",
    bars=Bars(("releases",), ("loads", "fails")),
    is_whole=True,
)

ENGINES: Final = Question(
    name="engines",
    title="Answers of inference engines",
    sql="""
        SELECT runtime, version,
            count_if(answer = 'loads') AS loads, count_if(answer = 'unknown') AS unknown,
            count_if(answer = 'differs') AS differs, count_if(answer = 'raises') AS raises
        FROM (SELECT unnest(answers, recursive := true) FROM results) GROUP BY runtime, version""",
    order="loads DESC, runtime, version",
    columns=(
        TableColumn("runtime", "Engine", "name"),
        TableColumn("version", "Version", "name"),
        TableColumn("loads", "Loads", "number"),
        TableColumn("unknown", "Unknown", "number"),
        TableColumn("differs", "Differs", "number"),
        TableColumn("raises", "Raises", "number"),
    ),
    note="The answers do not say whether an adapter fits its base. List them with `--for ENGINE`.",
    bars=Bars(("runtime", "version"), ("loads", "unknown", "differs", "raises")),
    nothing="Not known: no engine was asked. Audit with `--for ENGINE`.",
    is_whole=True,
)

DUPLICATES: Final = Question(
    name="duplicates",
    title="Duplicates by content",
    sql="""
        WITH repeated AS (
            SELECT weights_etag AS content FROM results WHERE weights_etag IS NOT NULL
            GROUP BY weights_etag HAVING count(*) > 1
        )
        SELECT count(*) AS adapters, count(DISTINCT config_digest) AS configs,
            any_value(bytes) AS bytes, (count(*) - 1) * any_value(bytes) AS repeated,
            min(source) AS first, max(source) AS last
        FROM results JOIN repeated ON weights_etag = content
        WHERE regexp_full_match(content, '"?([0-9a-f]{64}|[0-9a-f]{32})"?')
        GROUP BY content""",
    order="adapters DESC, repeated DESC, first",
    columns=(
        TableColumn("adapters", "Adapters", "number"),
        TableColumn("configs", "Configs", "number"),
        TableColumn("bytes", "Size of each", "bytes"),
        TableColumn("repeated", "Repeated", "bytes"),
        TableColumn("first", "From", "name"),
        TableColumn("last", "To", "name"),
    ),
    note=(
        "Adapters have the same weights if their server gives the same SHA-256 or MD5. A header is "
        "not enough: adapters trained with the same config have the same one."
    ),
    nothing="None that a server's digest shows.",
)

QUESTIONS: Final = (
    STATUSES,
    INVALID,
    CODES,
    UNREADABLE,
    NOT_CHECKED,
    BASES,
    TYPES,
    RELEASES,
    ENGINES,
    DUPLICATES,
)
"""The questions about one run, in the order of a report."""
