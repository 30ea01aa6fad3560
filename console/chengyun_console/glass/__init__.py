"""破窗 and phones: the form of two persons, the band of a lent session, its review, and the phone of an account."""
