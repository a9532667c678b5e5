"""Adapters on the Hugging Face Hub, and in the local cache of its client."""
