"""The command line: one more thin edge, and the only one that may start the other two."""
