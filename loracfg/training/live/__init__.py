"""Adapters in live models: checked before training, at each save and when training resumes."""
