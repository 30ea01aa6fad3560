"""Watches the window itself: counts its halts, keeps what it was doing, and has another process call out (RF27)."""
