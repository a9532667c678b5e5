"""The one way from a source to an answer: an engine opens adapters as cases."""
