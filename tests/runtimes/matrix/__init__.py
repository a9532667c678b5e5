"""What engines do with adapters: architectures by features, each cell by a run or a line of source.

`architectures.py` has the bases, `features.py` the adapters, which the real PEFT makes
(`making.py`). `cells/ENGINE.tsv` has what each engine was found to do (`cells.py`), and
`engines/` how that is found: `python -m tests.runtimes.matrix ENGINE` does it again.
"""
