"""Kinds of records, by area: the form of each, whose it is, and the rules it keeps."""
