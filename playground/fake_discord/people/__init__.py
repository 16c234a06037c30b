"""The people of the fake Discord: what they type, press and see."""
