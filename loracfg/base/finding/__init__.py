"""Finds the files of a base that a user names: folders, ids on the Hub, pipelines."""
