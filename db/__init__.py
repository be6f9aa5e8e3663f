"""The database: engine, tables, queries and migrations. Nothing outside this folder knows SQL."""
