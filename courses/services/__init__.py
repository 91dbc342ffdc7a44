"""Writes of courses: publishing freezes versions, learning moves enrolments on."""
