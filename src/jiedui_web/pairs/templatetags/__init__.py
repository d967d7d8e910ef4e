"""Template tags of the app `pairs`."""
