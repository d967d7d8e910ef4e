"""Pages of the app `pairs`."""
