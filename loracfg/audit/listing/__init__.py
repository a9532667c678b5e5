"""What there is to judge: folders, stores, lists and queries, streamed."""
