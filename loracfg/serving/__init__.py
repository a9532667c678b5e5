"""Where adapters are served: gates in front of engines, and the settings of a server."""
