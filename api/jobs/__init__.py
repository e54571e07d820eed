"""Long work done beside the requests: `kinds` says how each kind is done, `worker` does it."""
