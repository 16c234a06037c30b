"""What the operator watches: health, metrics, logs, alerts, retention and private files."""
