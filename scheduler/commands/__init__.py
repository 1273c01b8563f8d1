"""The commands of `pantau`: each is a function from arguments to an exit code."""
