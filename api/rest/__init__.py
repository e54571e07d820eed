"""Every kind of record over HTTP in one way: list, read, create, change, publish, withdraw (docs/api.md)."""
