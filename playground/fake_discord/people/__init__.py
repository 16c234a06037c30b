"""People who use the fake Discord: what they type, press and see."""
