"""To come."""
from benchmarks.table import Row
LEAST_MINUTES = 3.0
async def measure(minutes: float, seed: int) -> list[Row]:
    return []
