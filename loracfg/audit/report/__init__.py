"""Reports on the results of audits: questions in SQL, answered by DuckDB."""
