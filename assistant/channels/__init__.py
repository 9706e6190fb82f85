"""The channels a person reaches the assistant through."""
