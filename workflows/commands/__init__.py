"""Everything that a person, or the clock, can do.  Each takes the open transaction and never commits."""
