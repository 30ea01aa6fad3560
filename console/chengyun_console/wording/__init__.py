"""Figures, times and alarms as an officer reads them: records in, sentences of the message catalogue out."""
