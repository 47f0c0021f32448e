"""Data in, files out: spreadsheets and printable documents.  Knows no table and no question."""
