"""What everybody may see: articles, published pairings, figures, the archive of plain text."""
