"""From what a user names as base to its files: folders, ids on the Hub, pipelines."""
