"""Poverty of 30 million households beside a bare scan, and standard errors of a survey."""
