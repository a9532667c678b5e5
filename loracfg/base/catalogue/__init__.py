"""Module trees of models for a config, by facts about the classes of transformers and diffusers."""
