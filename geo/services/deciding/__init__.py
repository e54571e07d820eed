"""What people decide about the drawings of a sheet: `decisions` says what can be decided, `desk` does it.

All decisions handed in together take effect in one transaction or not at all, and each comes with its undoing.
"""
