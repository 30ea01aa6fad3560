"""What the cockpit shows to whom: masters from one table, an officer's own changes over them, and the wall's labels."""
