"""What a repository's modules may do when they are imported, and which classes are usable."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from loracfg.base.derivation.source import repository
from loracfg.base.derivation.source.reach import member_names
from loracfg.base.derivation.source.repository import RepositoryError, refuse_acts

LOCAL = {"nn", "TinyModel"}


@pytest.mark.parametrize(
    "text",
    [
        "def f(): ...",
        "import math",
        "size: int = 3",
        "size, width = 3, 4",
        "__all__ += ['TinyModel']",
        "'A text.'",
        "AutoModel.register(TinyConfig, TinyModel)",
        "TinyModel.register_for_auto_class('AutoModel')",
        "warnings.filterwarnings('ignore')",
        "logging.getLogger(__name__).setLevel(30)",
        "print('imported')",
    ],
)
def test_statements_that_only_define_names(text: str) -> None:
    refuse_acts("code.modeling_tiny", ast.parse(text).body, LOCAL)


@pytest.mark.parametrize(
    "text",
    [
        "TinyModel.extra = 1",
        "nn.Linear.forward, size = (None, 3)",
        "size += 1",
        "TinyModel.patch()",
        "TABLE[nn.Linear] += 1",
        "[nn.Linear]",
        "for one in (1, 2):\n    pass",
    ],
)
def test_other_statements_are_rejected(text: str) -> None:
    with pytest.raises(RepositoryError) as caught:
        refuse_acts("code.modeling_tiny", ast.parse(text).body, LOCAL)
    first = text.partition("\n")[0]
    assert str(caught.value) == f"`modeling_tiny` does `{first}` when it is imported"


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("owner/other--modeling.TinyModel", "`TinyModel` is code of another repository"),
        ("no_such_module.TinyModel", "`no_such_module.TinyModel` cannot be imported"),
    ],
)
def test_classes_that_cannot_be_loaded(reference: str, reason: str) -> None:
    with pytest.raises(RepositoryError, match=reason):
        repository._load(reference)


def test_a_class_may_not_have_the_name_of_its_base() -> None:
    class Tiny: ...

    repository._refuse_same_names(Tiny)
    with pytest.raises(RepositoryError, match="`Tiny` derives from a class of the same name"):
        repository._refuse_same_names(type("Tiny", (Tiny,), {}))


def test_members_in_a_branch_have_names() -> None:
    text = "a: int = 1\nb = c = 2\nif True:\n    def d(self): ...\n    e = 3\npass"
    members = ast.parse(text).body
    assert [member_names(one) for one in members] == [["a"], ["b", "c"], ["d", "e"], []]


def test_the_command_needs_a_folder_or_a_list() -> None:
    command = [sys.executable, "-m", repository.__package__ or ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("error: `--out` or `--list` is needed")
