"""The web pages.  HTTP in, one command or one question, HTML out."""
