"""What starts work: a person at the terminal, or the clock."""
