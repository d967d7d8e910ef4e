"""The site under load."""
