"""The writes that commands and operations share: history, numbers, notices, messages, deadlines.

Each takes the caller's open transaction and never commits.
"""
