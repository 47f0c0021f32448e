"""Inspection cases, their findings, tasks and deadlines.  Knows no web page and no scheduler.

Read in this order: models, commands, engine, operations, deadlines, queries.
"""
