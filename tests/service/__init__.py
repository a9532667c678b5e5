"""Running the service, and loading it: for tests and the benchmark."""
