"""Every page of the console in every state it can be met in: for eyes, and as stored pictures the suite compares."""
