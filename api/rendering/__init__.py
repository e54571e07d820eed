"""Maps, drawings and papers on request: one table of what can be made, for the command line, jobs and routes alike.

`kinds` names what there is, `asked` is a request, `reading` reads what it needs of the store, `drawing` draws it,
`kept` keeps the files, and `making` puts these together.
"""
