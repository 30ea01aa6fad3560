"""What users of other systems complained of, as tests named in sentences, each citing its source."""
