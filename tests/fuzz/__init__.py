"""Drawn inputs for all that reads what strangers send, against the libraries that read the same.

python -m tests.fuzz [TARGET…] [--inputs N] [--seed N] [--jobs N] [--corpus FOLDER]
python -m tests.fuzz --replay FILE…

| Target | Inputs | Held against |
| --- | --- | --- |
| safetensors | weight files | safetensors |
| pickle | `.bin` files, zip archives and streams | `torch.load(weights_only=True)` |
| config | adapter configs | `json`, PEFT's `from_pretrained`; one in 16 is loaded by PEFT |
| archive | zip, tar and tar.gz | `zipfile` and `tarfile`, and the same archive in pieces |
| request | JSON bodies and forms | itself in pieces; no answer is a 500 |

Inputs are drawn in generations. Each is a mutation of an entry of the corpus, and one that is
answered in a new way enters it for the next generation. So a seed and a corpus give the same
inputs, with any number of processes. The corpus, what was done, and the inputs on which readers
differ are kept in the folder: a run that was stopped goes on where it was.
"""
