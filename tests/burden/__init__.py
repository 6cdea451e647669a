"""What a report asks of its reader, measured and read by rule over sixty ordinary patients."""
