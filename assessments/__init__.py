"""Item banks, exams, attempts and marking; assessments.scoring is pure psychometrics."""
