"""The review page: what waits for a person, in a browser. It imports the store, nothing else."""
