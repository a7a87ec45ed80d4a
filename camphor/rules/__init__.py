"""Policy as plain tables: pure Python, without Django."""
