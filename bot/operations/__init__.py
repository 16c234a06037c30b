"""What the operator watches: health, metrics, logs, alerts and retention."""
