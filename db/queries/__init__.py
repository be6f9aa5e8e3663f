"""SQL, a module a noun. Each function is handed a session and returns rows of columns, never entities."""
