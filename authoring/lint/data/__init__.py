"""What the rules about data and runs need: what checks say, what agents can read, who passes."""
