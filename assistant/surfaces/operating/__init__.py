"""What an operator sees and does: logs, request ids, measurements, traces, readiness, and stopping."""
