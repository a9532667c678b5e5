"""A file is a link out of the adapter's folder.

What loracfg checked is stored elsewhere, and is left behind when the folder is packed, committed or
moved. The link then leads nowhere, or to whatever has the same path on the other machine. A server
that accepts folders from others and follows such links reads files that it was not given. Links
into the cache of huggingface_hub, which its snapshots consist of, are not reported. Neither are
links within the folder, as in Kubernetes mounts.

Fires:

    link adapter_config.json

Passes:

    made with {"r": 4}

Repair: replace the link with the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import names
from loracfg.analysis.noted import LINK
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.files import files_finding
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the links that lead out of the folder."""
    found = list(subject.adapter.links)
    verb, links = ("are links", "each link") if len(found) > 1 else ("is a link", "the link")
    message = f"{names(found)} {verb} out of the folder"
    return files_finding(found, message, f"replace {links} with the file itself")


RULE = Rule("LC709", "link-out-of-folder", "info", GatedCheck([LINK], check), __name__)
