"""What is read about solvings, proposals, decisions and pairings; always as far as the reader reaches."""
