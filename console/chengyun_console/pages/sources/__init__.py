"""The health page of the sensing half: every source and every daemon, live, each loss by cause."""
