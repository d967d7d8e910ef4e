"""The embedded store: tables kept in one DuckDB file.

Takes the path of a file and Arrow tables; gives the tables back, a connection for set-based work, and
Parquet files. Refuses files that are not a store, that another process writes, or that a newer program
made. Nothing else in this project opens DuckDB files.
"""

from jiedui.store.embedded import FORMAT, Store

__all__ = ["FORMAT", "Store"]
