"""Hashes, keyed hashes, signatures and seals behind one port, by international and by national standards (密码法)."""
