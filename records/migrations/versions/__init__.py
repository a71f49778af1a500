"""The steps, oldest first; each says which one it follows, and is never changed once it was released."""
