"""The duty officer's console: session, shell, pages, actions. Composes widgets, holds no rule of the city."""
