"""Every kind of record that people write, read, change and withdraw in one way; what is special is said per kind.

`resource` says what a kind of record is, `writing` and `reading` do the work for all of them, `registry` lists them.
"""
