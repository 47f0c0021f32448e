"""临期风险: how likely an open deadline is to be missed, and why.  Pure: no clock, no database, no library.

Read in this order: past (what was known at a moment), factors (the named reasons), regression (how much each
counts), fitting (a set of weights and what it says of an item), reliability (whether it can be trusted).
What it says is a hint for people, never a verdict (提示，不作为结论).
"""
