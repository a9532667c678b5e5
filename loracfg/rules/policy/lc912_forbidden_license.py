r"""The model card has no license that the policy allows.

`licenses` in `[policy]` lists licenses as the Hub writes them. They are compared with `license` in
the front matter of the adapter's `README.md`, or with `license_name` if that is `other`. An adapter
without a `README.md` is not reported. On the web and on the Hub, the file takes one more request.

Fires:

    policy {"licenses": ["apache-2.0", "mit"]}
    raw README.md ---\nlicense: cc-by-nc-4.0\n---\n

Fires:

    policy {"licenses": ["apache-2.0"]}
    raw README.md # An adapter

Passes:

    policy {"licenses": ["apache-2.0", "mit"]}
    raw README.md ---\nlicense: apache-2.0\n---\n

Passes:

    policy {"licenses": ["apache-2.0"]}

Repair: name the license in the front matter of `README.md`, if it is an allowed one.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.model_card import CARD, has_card, licenses_of
from loracfg.analysis.phrases import listed
from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location
from loracfg.rules.kinds.policies import restricted
from loracfg.rules.rule import Finding, Rule


class Licenses(NamedTuple):
    """The licenses that a model card names."""

    names: tuple[str, ...]


def check(subject: Subject, policy: Policy) -> Iterator[Finding]:
    """Compare the licenses in the model card with the allowed ones."""
    if not has_card(subject.adapter):
        return
    try:
        found = licenses_of(subject.adapter)
    except OSError:  # the report says so
        return
    allowed = policy.licenses or ()
    wrong = [one for one in found if one not in {name.lower() for name in allowed}]
    if found and not wrong:
        return
    named = f"the license is {listed(map(printable, wrong))}" if wrong else "no license is named"
    yield Finding(
        f"{named}, and the policy allows {listed(allowed) if allowed else 'none'}",
        Location(CARD),
        f"name an allowed license in the front matter of `{CARD}`, or add one to `licenses` in "
        "`[policy]`",
        data=Licenses(found),
    )


RULE = Rule("LC912", "forbidden-license", "error", restricted("licenses", check), __name__)
