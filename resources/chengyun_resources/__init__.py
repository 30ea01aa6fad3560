"""What the product carries beside its code: theme tokens, icons, message catalogues, reference data. No Qt in here."""
