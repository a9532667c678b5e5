"""Adapters as people reported them in public threads, made again, and what is said of them.

`docs/threads.json` has a row for each thread, and a function named after it makes its files. What
is missed, or found with the wrong cause or help, is an expected failure. Whoever mends one gives
its row `"mended": true`, writes in `says` what is said now, and runs `python docs/generate.py`.
"""
