"""The duty officer's console: session, shell, pages, actions, preferences. Composes widgets, holds no rule of the city."""
