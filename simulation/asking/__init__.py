"""The query builder: a world query as a form whose whole state is an address."""
