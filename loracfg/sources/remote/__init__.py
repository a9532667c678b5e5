"""Adapters on other machines, of which only what is needed is downloaded."""
