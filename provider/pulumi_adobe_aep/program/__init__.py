"""What a Pulumi program sees."""
