"""Workflows run on this machine: what runs, what is skipped and why."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from tests.cli.running import ROOT
from tests.publishing.build import version_of
from tests.workflows import local
from tests.workflows.jobs import UnknownValueError, expand, jobs

SAMPLE = """
on: push
env: {GREETING: hello}
jobs:
  one:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [linux]
        word: [a, b]
        include: [{os: other, word: c}]
    steps:
      - uses: actions/checkout@0123 # v1
      - name: write
        env: {WORD: "${{ matrix.word }}"}
        run: |
          echo "$GREETING $WORD" > said
          echo 'x=1' >> "$GITHUB_OUTPUT"
      - name: secret
        run: echo ${{ secrets.KEY }}
      - name: break
        run: test "$WORD" = c && false | true
      - name: after
        run: touch after
      - name: publish
        if: always()
        run: |
          gh release create v1
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.yml"
    path.write_text(SAMPLE)
    return path


def test_a_matrix_is_many_jobs(sample: Path) -> None:
    found = [(job.title, job.runs_on) for job in jobs(sample)]
    assert found == [
        ("sample.yml one os=linux word=a", "linux"),
        ("sample.yml one os=linux word=b", "linux"),
        ("sample.yml one os=other word=c", "other"),
    ]


def test_steps_run_until_one_fails(sample: Path, tmp_path: Path) -> None:
    job = next(jobs(sample))
    outcomes = list(local.run_job(job, tmp_path, tmp_path))
    assert [(o.step, o.status, o.why) for o in outcomes] == [
        ("actions/checkout@0123", "skipped", "uses actions/checkout"),
        ("write", "ran", ""),
        ("secret", "skipped", "only GitHub knows `secrets.KEY`"),
        ("break", "failed", "exit 1"),
        ("after", "skipped", "a step before it failed"),
        ("publish", "skipped", "needs `gh`"),
    ]
    assert (tmp_path / "said").read_text() == "hello a\n"
    assert not (tmp_path / "after").exists()


def test_only_jobs_of_a_release_have_its_tag() -> None:
    by_tag = {job.workflow for job in local.all_jobs() if job.is_of_a_tag}
    assert by_tag == {"release.yml"}
    assert local.github(is_of_a_tag=True)["ref_name"] == f"v{version_of(ROOT)}"
    assert local.github(is_of_a_tag=False)["ref_name"] == "main"


def test_expressions_that_are_not_known_are_named() -> None:
    assert expand("py${{ matrix.python }}!", {"matrix": {"python": "3.11"}}) == "py3.11!"
    with pytest.raises(UnknownValueError, match=r"^needs\.build\.outputs\.x$"):
        expand("${{needs.build.outputs.x}}", {"matrix": {}})


def test_this_python_is_found_and_one_of_the_future_is_not() -> None:
    assert local.interpreter(".".join(platform.python_version_tuple()[:2]))
    assert local.interpreter("3.99") is None
