"""Read zip and tar archives as a stream, and only keep what a validation needs."""
