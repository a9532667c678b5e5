"""Where adapters are served: what a set of them needs of an engine's server."""
