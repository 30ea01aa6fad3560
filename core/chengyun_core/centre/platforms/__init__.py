"""Video platforms (GB/T 28181): one module for each kind of platform that cameras are reached through."""
