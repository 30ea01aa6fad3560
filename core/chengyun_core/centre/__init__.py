"""The facts daemon: commands in, one transaction each, changes out. One module per capability."""
