"""What of Kinora is installed: its version, and the optional parts."""
