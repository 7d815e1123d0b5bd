"""The rules of Flow Service's resources, without HTTP."""
