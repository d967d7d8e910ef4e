"""The only way from the site into the core: rows become Arrow tables, results become rows.

Takes plain rows and files; gives what the core found, as plain values and words in every language. Knows no
model of the site.
"""
