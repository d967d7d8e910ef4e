"""Single places: the auction, its proof, and exchanges along an optimum. Entered only from this stage."""
