"""A release, built and tried before anything is published.

python -m tests.publishing build DIST [--tag v0.1.0]   writes DIST/packages and DIST/about
python -m tests.publishing install DIST                installs it from a local index, in three ways
python -m tests.publishing all                         both, from a clone of the last commit
"""
