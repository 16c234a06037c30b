"""The doctor: says of each thing Kinora needs whether it is in order and, if not, what to do."""
