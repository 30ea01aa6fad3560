"""The handbook on the screen: prose from the resources, tables from the same code that prints the handbook on paper."""
