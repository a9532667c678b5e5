"""The smallest settings of a server for a set of adapters, and the memory that they take."""
