"""Drawn inputs for all that reads what strangers send, against the libraries that read the same.

python -m tests.fuzz [TARGET…] [--watch] [--inputs N] [--seed N] [--jobs N] [--corpus FOLDER]
python -m tests.fuzz [--watch] --replay FILE…

| Target | Inputs | Held against |
| --- | --- | --- |
| safetensors | weight files | safetensors |
| pickle | `.bin` files, zip archives and streams | `torch.load(weights_only=True)` |
| config | adapter configs | `json`, PEFT's `from_pretrained`; one in 16 is loaded by PEFT |
| archive | zip, tar and tar.gz | `zipfile` and `tarfile`, and the same archive in pieces |
| request | JSON bodies and forms | itself in pieces; no answer is a 500 |
| facts | facts files that the grammar gives, with hostile names, and configs for them | |
| base | configs of all model types, with hostile keys and values | |
| folder | adapters that name a base, and bases with facts | |
| yaml, toml | trainers' files, settings | |

With `--watch`, an input is only read by loracfg, and Python's audit hook forbids all that no input
may cause: see `tests/security/watch.py`. Each may take a second of CPU and 100 MB. Targets that are
held against nothing else are only drawn with it.

Inputs are drawn in generations. Each is a mutation of an entry of the corpus, and one that is
answered in a new way enters it for the next generation. So a seed and a corpus give the same
inputs, with any number of processes. The corpus, what was done, and the inputs on which readers
differ are kept in the folder: a run that was stopped goes on where it was.
"""
