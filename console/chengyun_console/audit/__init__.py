"""The journal as proof at a console: rows found, a row before and after, the chain verified row by row."""
