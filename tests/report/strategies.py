"""Draw any report, with odd characters, regions outside the text and inconsistent counts."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from loracfg.report.evidence import FieldValue
from loracfg.report.report import (
    READ,
    SEVERITIES,
    STATUSES,
    AdapterReport,
    Base,
    Coverage,
    Diagnostic,
    Edit,
    Fix,
    HiddenFindings,
    Location,
    NotChecked,
    Region,
    Related,
    Report,
    Scaling,
)

_NASTY: Final = ("\x1b[31m", "\n", "\r\n", "\t", "\x00", "]]>", "::error::", "%0A", "](", "\ud800")

texts: Final = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.lists(st.sampled_from((*_NASTY, "r", "q_proj", "键", "/")), max_size=6).map("".join),
)
files: Final = st.one_of(st.sampled_from(("", "adapter_config.json", "a.bin")), texts)
optional_texts: Final = st.none() | texts
counts: Final = st.none() | st.integers(0, 500)
small: Final = st.integers(0, 9)

regions: Final = st.builds(Region, small, small, small, small)
locations: Final = st.builds(Location, files, optional_texts, st.none() | regions, optional_texts)
values: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
edits: Final = st.builds(Edit, files, texts, values)
fixes: Final = st.builds(Fix, texts, st.booleans(), st.lists(edits, max_size=2).map(tuple))
related: Final = st.builds(Related, locations, texts)
diagnostics: Final = st.builds(
    Diagnostic,
    code=st.sampled_from(("LC001", "LC503")) | texts,
    name=texts,
    severity=st.sampled_from(SEVERITIES),
    message=texts,
    location=locations,
    help=texts,
    url=texts,
    count=st.integers(0, 300),
    related=st.lists(related, max_size=2).map(tuple),
    fix=st.none() | fixes,
    data=st.none() | st.just(FieldValue("/r", 8, 4)),
)
bases: Final = st.builds(
    Base,
    st.sampled_from(("catalogue", "checkpoint", "transformers")),
    optional_texts,
    optional_texts,
    optional_texts,
    optional_texts,
)


def _consistent(adapter: AdapterReport) -> AdapterReport:
    """Return a report in which a baseline accepts no more than what is hidden."""
    accepted = HiddenFindings(*map(min, adapter.hidden, adapter.accepted))
    return adapter._replace(accepted=accepted)


adapters: Final = st.builds(
    AdapterReport,
    path=st.sampled_from(("", ".", "/", "adapter/", "../other")) | texts,
    status=st.sampled_from(STATUSES),
    diagnostics=st.lists(diagnostics, max_size=3).map(tuple),
    base=st.none() | bases,
    coverage=st.builds(Coverage, st.integers(0, 500), counts, counts, counts, counts, counts),
    scaling=st.none() | st.builds(Scaling, st.floats(), st.floats()),
    not_checked=st.lists(st.builds(NotChecked, texts, texts), max_size=2).map(tuple),
    written_by=st.none() | st.fixed_dictionaries({"peft": texts, "evidence": texts}),
    loads_in=st.none()
    | st.fixed_dictionaries(
        {"peft": texts}, optional=dict.fromkeys(("dropping", "differing", "failing"), texts)
    ),
    hidden=st.builds(HiddenFindings, small, small, small),
    accepted=st.builds(HiddenFindings, small, small, small),
    method=st.sampled_from((None, "LORA", "IA3")),
    read=st.lists(st.sampled_from(READ), unique=True).map(tuple),
    sources=st.dictionaries(files, st.lists(texts, max_size=4).map("\n".join), max_size=2),
).map(_consistent)
reports: Final = st.builds(Report, texts, st.lists(adapters, max_size=3).map(tuple))
