"""SQL and what lies on disk: tables, migrations, the journal. Frozen records go in and out, nothing else."""
