"""What waits for me, by deadline, for every function."""
