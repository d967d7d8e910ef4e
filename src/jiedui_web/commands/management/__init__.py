"""What ``jiedui manage`` finds."""
