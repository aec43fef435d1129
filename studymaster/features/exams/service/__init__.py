"""What can be done with exams: say which, plan the way there, keep it true."""
