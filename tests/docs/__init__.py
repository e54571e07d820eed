"""The pictures of the documentation, made from real runs: ``python -m tests.docs.pictures``."""
