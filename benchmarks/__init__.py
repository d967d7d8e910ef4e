"""What is claimed of speed and memory, measured: one package for each stage."""
