"""The clock: time alone pushes what is late.  It knows the core's commands and nothing of web pages."""
