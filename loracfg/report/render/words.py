"""Wording that several formats share, safe to print whatever the files contain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loracfg.report.audience import advice_for_all
from loracfg.report.report import SEVERITIES, STATUSES
from loracfg.urls import redacted

if TYPE_CHECKING:
    from loracfg.report.report import Status, Tally

FIXABLE: Final = "[*]"
"""The mark of findings with a safe fix, as in ruff."""
_COMMAND: Final = r"#(?=#\[|#(?i:vso|teamcity)\[)"
"""How commands to GitHub, Azure and TeamCity begin in logs."""
_COMMAND_LINE: Final = "::"
"""How lines with commands to GitHub begin."""
_UNITS: Final = ("KiB", "MiB", "GiB", "TiB")


def visible(text: str) -> str:
    """Return the text without secrets, and unprintable characters escaped as by Python's `ascii`.

    Tensor names and keys are untrusted: control characters would reach the terminal, lone
    surrogates cannot be encoded, and CI systems obey commands in logs. The result is one line,
    legal in XML 1.0 and UTF-8.
    """
    text = redacted(text)
    if "##" in text:
        text = re.sub(_COMMAND, r"\\x23", text)
    if text.lstrip().startswith(_COMMAND_LINE):
        text = text.replace(_COMMAND_LINE, "\\x3a:", 1)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def inert_json(text: str) -> str:
    """Return JSON with the same values, in which CI systems find no command in a log."""
    return re.sub(_COMMAND, r"\\u0023", text) if "##" in text else text


def visible_diff(diff: str) -> str:
    """Return a diff with visible lines; tabs and the ends of lines stay, for `patch`."""
    return re.sub(r"[^\t\r\n]+|\r(?!\n)", lambda part: visible(part[0]), diff)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def scale_words(value: float) -> str:
    """Return a scale with at most six digits, such as `2.0` or `0.353553`."""
    text = f"{value:.6g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def bytes_words(size: int) -> str:
    """Return a number of bytes in a suitable unit: `512 B`, `1.5 MiB`."""
    if size < 1024:
        return f"{size} B"
    power = min((size.bit_length() - 1) // 10, len(_UNITS))
    unit = 1 << (10 * power)
    tenths = (size * 10 + unit // 2) // unit  # integers, since a header may claim any size
    return f"{tenths // 10:,}.{tenths % 10} {_UNITS[power - 1]}"


def summary_line(tally: Tally) -> str:
    """Return the last line of a listing: `2 adapters: 1 valid, 1 invalid (3 errors, 1 warning)`.

    Findings that `select` and `ignore` hide are counted last, as `4 hidden`.
    """
    counts = tally.counts
    statuses = [f"{counts[s]} {_status_word(s)}" for s in STATUSES if counts[s]]
    findings = [counted(counts[f"{s}s"], s) for s in SEVERITIES if counts[f"{s}s"]]
    findings += [f"{counts['hidden']} hidden"] if counts["hidden"] else []
    line = counted(tally.adapters, "adapter")
    if statuses:
        line += f": {', '.join(statuses)}"
    if findings:
        line += f" ({', '.join(findings)})"
    return line


def fixable_line(tally: Tally) -> str | None:
    """Return how many findings can be fixed: `[*] 2 fixable with loracfg fix`; None if none."""
    safe, unsafe = tally.counts["fixable"], tally.counts["fixable_unsafe"]
    if not safe:
        how = advice_for_all("with `loracfg fix --unsafe`", "by unsafe repairs")
        return f"{unsafe} fixable {how}" if unsafe else None
    how = advice_for_all("with `loracfg fix`", "by safe repairs")
    others = advice_for_all("with `--unsafe`", "by unsafe ones")
    more = f" ({unsafe} more {others})" if unsafe else ""
    return f"{FIXABLE} {safe} fixable {how}{more}"


def _status_word(status: Status) -> str:
    return "unreadable" if status == "error" else status  # `1 error` would read as a finding
