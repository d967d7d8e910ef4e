"""The registers: what reading, checking, linking and importing cost."""
