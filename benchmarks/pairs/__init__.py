"""The pairing engine beside other solvers."""
