"""Who is behind a host, a cookie, a storage key; what a column holds: facts with their sources."""
