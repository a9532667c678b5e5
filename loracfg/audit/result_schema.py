"""The columns of the results of an audit: one row an adapter.

`COLUMNS` is the contract, in Arrow's types, of which `docs/audit.md` shows a table. A new column
may be added at any time; whatever else changes raises `RESULT_VERSION`, which each Parquet file
has in its metadata under `METADATA_KEY`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    import pyarrow

RESULT_VERSION: Final = 1
METADATA_KEY: Final = "loracfg.result_version"


class Column(NamedTuple):
    """A column.

    Attributes:
        name: the name.
        type: the type, in the words of `ARROW_TYPES`.
        help: what it has, and what it means if it is null.
    """

    name: str
    type: str
    help: str


ARROW_TYPES: Final = (
    "text",
    "integer",
    "number",
    "time",
    "texts",
    "integers",
    "findings",
    "gaps",
    "answers",
)
"""The types of columns: strings, 64-bit integers, doubles, UTC times in microseconds, lists of
strings and integers, and lists of structs: `FINDING`, `GAP` and `ANSWER`."""

FINDING: Final = (
    ("code", "text"),
    ("severity", "text"),
    ("findings", "integer"),
    ("count", "integer"),
    ("message", "text"),
)
"""One entry for each code: the number of findings, that of the tensors or keys that show them (the
sum of `count` in the report), and the message of the first."""
GAP: Final = (("what", "text"), ("why", "text"))
"""What could not be checked, and why, as in the report."""
ANSWER: Final = (("runtime", "text"), ("version", "text"), ("answer", "text"))
"""What an inference engine does: `loads`, `differs`, `raises` or `unknown`."""

COLUMNS: Final = (
    Column(
        "source",
        "text",
        "the adapter, as reports name it; unique in a run, for which a URL with a query or a user "
        "gets a digest of these",
    ),
    Column("listed_as", "text", "what was listed: the adapter, or the archive that it is in"),
    Column(
        "revision",
        "text",
        "the commit on the Hub; the ETags of a store or server; sizes and times of a folder",
    ),
    Column(
        "status",
        "text",
        "`valid`, `invalid`, `undetermined` or `error`, as in reports without `--peft` and `--for`",
    ),
    Column("reason", "text", "why there is no verdict, if the status is `error`"),
    Column("codes", "findings", "what was found, by code, in the order of the report"),
    Column("errors", "integer", "the number of findings in `codes` that are errors"),
    Column("hidden", "integer", "the number of findings that `--select` and `--ignore` hide"),
    Column("not_checked", "gaps", "what could not be checked, and why"),
    Column("method", "text", "the PEFT method, such as `LORA`; null if unknown"),
    Column("config_digest", "text", "SHA-256 of `adapter_config.json`; null if it was not read"),
    Column("header_digest", "text", "SHA-256 of the weight file's header; null if it was not read"),
    Column(
        "weights_etag",
        "text",
        "what a server gives to distinguish contents of the weight file: for large files on the "
        "Hub, its SHA-256",
    ),
    Column("base", "text", "the base that the config names, or that was passed with `--base`"),
    Column("base_revision", "text", "the commit of the base that was read, or that is named"),
    Column("base_model_type", "text", "the type of the base; null if no base was found"),
    Column("base_class", "text", "the class of the base; null if no base was found"),
    Column("base_source", "text", "where the tree of the base came from, as in the report"),
    Column(
        "base_digest",
        "text",
        "a digest of the base's config, and of its modules if they were read from elsewhere; null "
        "if no base was found",
    ),
    Column("tensors", "integer", "the number of tensors in the weight file"),
    Column("applied", "integer", "the number of tensors that the base takes; null without a base"),
    Column("parameters", "integer", "the number of values in all tensors; null if it was not read"),
    Column("bytes", "integer", "the size of the weight file; null if there is none"),
    Column("dtypes", "texts", "the dtypes of the tensors, as safetensors names them, sorted"),
    Column("ranks", "integers", "the ranks of the factors, sorted"),
    Column("scale_min", "number", "the smallest scale of a module"),
    Column("scale_max", "number", "the largest scale of a module"),
    Column("targets", "texts", "the last names of the adapted modules, sorted"),
    Column("written_by", "text", "the releases of PEFT that may have written it, such as `>=0.15`"),
    Column(
        "loads_in",
        "texts",
        "the releases of PEFT that load it and compute what was trained: empty for none, null if "
        "unknown",
    ),
    Column(
        "answers",
        "answers",
        "what the engines do with it that `--for` names; null if none was named, and if unknown",
    ),
    Column("noted", "texts", "the kinds of evidence that rules look for, sorted"),
    Column("read_at", "time", "when it was read"),
    Column("judged_at", "time", "when it was judged; earlier than the run if the row was reused"),
    Column("judge_seconds", "number", "the time that the judgement took"),
    Column("options", "text", "a digest of the options with which it was judged, but `--base`"),
    Column("loracfg", "text", "the version of loracfg that judged"),
    Column("judge", "text", "a digest of the rules and facts that judged"),
    Column("run", "text", "the id of the run, which begins with its UTC time"),
)

TIMES: Final = ("read_at", "judged_at", "judge_seconds", "run")
"""The columns in which two runs over the same adapters differ."""


def arrow_schema() -> pyarrow.Schema:
    """Return the schema of the Parquet files.

    Raises:
        LoracfgError: pyarrow is not installed.
    """
    from loracfg.audit.packages import import_pyarrow

    arrow = import_pyarrow()
    plain: dict[str, pyarrow.DataType] = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "time": arrow.timestamp("us", tz="UTC"),
    }

    def structs(fields: tuple[tuple[str, str], ...]) -> pyarrow.DataType:
        return arrow.list_(arrow.struct([(name, plain[kind]) for name, kind in fields]))

    types: dict[str, pyarrow.DataType] = plain | {
        "texts": arrow.list_(arrow.string()),
        "integers": arrow.list_(arrow.int64()),
        "findings": structs(FINDING),
        "gaps": structs(GAP),
        "answers": structs(ANSWER),
    }
    found = [arrow.field(column.name, types[column.type]) for column in COLUMNS]
    return arrow.schema(found, metadata={METADATA_KEY: str(RESULT_VERSION)})
