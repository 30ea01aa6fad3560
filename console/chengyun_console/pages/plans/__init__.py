"""F7: the library of plans, one plan by its modules, its editor, what it would start, and the pane of a running one."""
