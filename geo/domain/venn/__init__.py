"""Venn diagrams: ties from drawn circles, the network they make, its measures and comparisons (DOMAIN.md section 4).

Pure: circles and ties in, frozen results out. `drawn` reads ties off circles, `network` measures them, `synonyms` tells
which names mean one institution, `comparison` lays two diagrams side by side, `stakeholders` makes the matrix,
`exporting` writes the network for other programs.
"""
