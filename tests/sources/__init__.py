"""Adapters on the web, on the Hub, in object stores, in archives and on standard input."""
