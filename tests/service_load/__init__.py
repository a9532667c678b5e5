"""Loading a running service: for the benchmark, and for tests of many and slow clients."""
